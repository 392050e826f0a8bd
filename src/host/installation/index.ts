export { defaultAgentRoots, executablePathOf, pathsOf } from './layout.ts';
