// Stops on an unsupported Node with one sentence. Written in old syntax, so that an old Node can run it.
var version = process.versions.node.split('.').map(Number);
var major = version[0];
var minor = version[1];
if (!(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19))) {
  console.error(
    'This app needs Node 20.19, 22.12 or later, not ' +
      process.versions.node +
      ': install one from https://nodejs.org',
  );
  process.exit(1);
}
