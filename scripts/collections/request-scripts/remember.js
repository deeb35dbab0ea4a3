// Saves the first customer, webhook endpoint and delivery of a response in variables, for the requests after it.

function remember(response, save) {
  const seen = {};
  const search = (value) => {
    if (typeof value !== 'object' || value === null) return;
    if ('uuid' in value && 'email' in value && 'version' in value) seen.customer = seen.customer || value;
    if ('uuid' in value && 'url' in value) seen.endpoint = seen.endpoint || value;
    if ('uuid' in value && 'eventId' in value) seen.delivery = seen.delivery || value;
    Object.values(value).forEach(search);
  };
  search(response);

  if (seen.customer) {
    save('customerId', seen.customer.uuid);
    save('customerEmail', seen.customer.email);
    save('customerVersion', seen.customer.version);
    if (seen.customer.externalId) save('customerExternalId', seen.customer.externalId);
  }
  if (seen.endpoint) save('endpointId', seen.endpoint.uuid);
  if (seen.delivery) save('deliveryId', seen.delivery.uuid);
}
