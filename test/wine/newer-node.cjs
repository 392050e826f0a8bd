/** What the bundle needs of the Node that it is made for, on the newest one that starts under Wine. */
RegExp.escape ??= (text) =>
  text.replace(
    /[\0-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]/g,
    (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
Error.isError ??= (value) => value instanceof Error;
process.threadCpuUsage ??= () => process.cpuUsage();
