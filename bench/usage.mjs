// Loaded into every measured process before its own code: tells the bench what the process has used.
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1_000, rssBytes: process.memoryUsage.rss() });
});
process.channel?.unref();
