'use strict';

// Runs on whatever Node there is, so only syntax and functions that every version has.
// The minimum is that of `engines` in package.json. npm 10.9 and later refuse an older Node by themselves (`devEngines`).
var minimum = [18, 20];

var parts = process.versions.node.split('.').map(Number);
if (parts[0] < minimum[0] || (parts[0] === minimum[0] && parts[1] < minimum[1])) {
  console.error(
    'customer-gateway needs Node ' +
      minimum.join('.') +
      ' or later to install; this is ' +
      process.version +
      '.',
  );
  process.exit(1);
}
