// Loaded into every measured process before its own code: tells the bench what the process has used, and where.

/** Where a function is from: its package, or the folder of our own. */
function origin({ functionName, url }) {
  if (url === '') {
    if (functionName === '') return 'code made at run time';
    return functionName.startsWith('(') ? functionName : `Node, built in: ${functionName}`;
  }
  return (
    /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ??
    /\/dist\/(src\/[^/]+)\//.exec(url)?.[1] ??
    (url.startsWith('node:') ? 'Node, JavaScript' : 'the bench')
  );
}

/** Ms of the main thread for each origin, without those in which it waited. */
function msByOrigin({ nodes, samples, timeDeltas }) {
  const origins = new Map(nodes.map(({ id, callFrame }) => [id, origin(callFrame)]));
  const ms = {};
  for (const [index, id] of samples.entries()) {
    const name = origins.get(id);
    if (name !== '(idle)') ms[name] = (ms[name] ?? 0) + timeDeltas[index] / 1_000;
  }
  return ms;
}

let session;
const answers = {
  usage() {
    const { user, system } = process.cpuUsage();
    return { cpuMs: (user + system) / 1_000, rssBytes: process.memoryUsage.rss() };
  },
  async startProfile() {
    const { Session } = await import('node:inspector/promises');
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    return {};
  },
  async stopProfile() {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    return msByOrigin(profile);
  },
};

process.on('message', async (question) => process.send?.(await answers[question]()));
process.channel?.unref();
