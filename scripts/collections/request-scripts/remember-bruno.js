remember(res.getBody(), (name, value) => bru.setVar(name, value));
