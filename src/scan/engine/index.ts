export { type Engine, type Match, type OnMatch, type TextScan, createEngine } from './engine.ts';
export { CONTEXT, type Pattern } from './pattern.ts';
