remember(pm.response.json(), (name, value) => pm.collectionVariables.set(name, value));

pm.test('The status is 200', () => pm.response.to.have.status(200));
