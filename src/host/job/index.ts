export { joinArguments, quoteArgument, splitArguments } from './arguments.ts';
export { defaultAgentRoots, executablePathOf } from './layout.ts';
export { type LintOptions, lintJob } from './lint.ts';
export { type RenderOptions, renderJob } from './render.ts';
export { JobDocument, type JobTask, executionTypes } from './schema.ts';
