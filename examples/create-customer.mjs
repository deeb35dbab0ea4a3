// Sends a first customer to the gateway that `npm start` runs, and prints the answer.
import { CREATE_CUSTOMER, demoCredentials, newCustomer, send } from './client.mjs';

const answer = await send(await demoCredentials(), CREATE_CUSTOMER, { input: newCustomer() });
console.log(JSON.stringify(answer, null, 2));
