export { type ContentKind, FIRST_BLOCK, contentKind } from './content-kind.ts';
export { compileExcludes } from './excludes.ts';
export { type Root, resolveRoots } from './roots.ts';
export { walk } from './walker.ts';
