// Creates a customer with the demo client of the gateway that `npm start` runs, and prints the response.
import { demoCredentials, newCustomer, send } from './client.mjs';

const response = await send(await demoCredentials(), 'CreateCustomer', { input: newCustomer() });
console.log(JSON.stringify(response, null, 2));
