// Sends a first customer to the gateway that `npm start` runs, and prints the answer.
import { demoCredentials, newCustomer, send } from './client.mjs';

const answer = await send(await demoCredentials(), 'CreateCustomer', { input: newCustomer() });
console.log(JSON.stringify(answer, null, 2));
