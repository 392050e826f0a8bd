/** Checks the imports of a checkout against the table in `allowed.ts`. */
import { posix } from 'node:path';
import { MOST_LAYERS, areas, computedImports, order } from './allowed.ts';
import { type Graph, cyclesOf, graphOf, layersOf } from './graph.ts';
import type { Import, Imports } from './imports.ts';

export interface Structure {
  /** One line each. */
  readonly problems: readonly string[];
  /** The modules of `src/` by layer, those that import no other first. */
  readonly layers: readonly (readonly string[])[];
}

/** An import whose target is known. */
type Edge = Import & { readonly to: string };

/** Checks directions, cycles and the number of layers. */
export function checkStructure({ files, imports }: Imports): Structure {
  const edges = imports.filter((each): each is Edge => each.to !== undefined);
  const inside = edges.filter(({ from, to }) => isIn('src', from) && isIn('src', to));
  const modules = graphOf(inside, moduleOf);
  const layers = layersOf(modules);
  return {
    problems: [
      ...imports.flatMap(computedProblem),
      ...edges.flatMap(areaProblem),
      ...edges.flatMap(orderProblem),
      ...moduleProblems(files),
      ...cycleProblems('files', inside, (file) => file),
      ...cycleProblems('folders', inside, posix.dirname),
      ...cycleProblems('modules', inside, moduleOf),
      ...(layers.length > MOST_LAYERS
        ? [`src: ${layers.length} layers, of which ${MOST_LAYERS} are allowed`]
        : []),
    ],
    layers,
  };
}

/** `src/host/agent`, `src/host` for a file directly in it, `src/main.ts`. */
function moduleOf(file: string): string {
  const parts = file.split('/');
  if (parts.length === 2) return file;
  return parts.slice(0, Math.min(3, parts.length - 1)).join('/');
}

function computedProblem({ from, line, to }: Import): string[] {
  if (to !== undefined || isIn('test', from) || computedImports.includes(from)) return [];
  return [`${from}:${line}: imports a path that is not known before the code runs`];
}

function areaProblem({ from, line, to, kind }: Edge): string[] {
  const area = areas.find((each) => isIn(each.from, from));
  if (area === undefined) return [];
  const own = from.split('/').slice(0, area.from.split('/').length).join('/');
  if ([own, ...area.to].some((place) => isIn(place, to))) return [];
  return [`${from}:${line}: ${area.from} must not import ${to}${shown(kind)}`];
}

function orderProblem({ from, line, to, kind }: Edge): string[] {
  const half = Object.keys(order).find((each) => isIn(each, from) && isIn(each, to));
  const [above, below] = [moduleOf(from), moduleOf(to)];
  if (half === undefined || above === below) return [];
  const [upper, lower] = [above, below].map((name) => rowOf(half, name));
  if (upper === undefined || lower === undefined || upper < lower) return [];
  return [`${from}:${line}: ${above} must not import ${below}${shown(kind)}`];
}

/** Each module of a half is in the table, and each name in the table is a module. */
function moduleProblems(files: readonly string[]): string[] {
  return Object.entries(order).flatMap(([half, rows]) => {
    const modules = new Set(files.filter((file) => isIn(half, file)).map(moduleOf));
    if (modules.size === 0) return [];
    const named = rows.flat().map((name) => posix.join(half, name));
    return [
      ...[...modules]
        .filter((module) => !named.includes(module))
        .map((module) => `${module}: has no place in scripts/structure/allowed.ts`),
      ...named
        .filter((module) => !modules.has(module))
        .map((module) => `${module}: is in scripts/structure/allowed.ts and does not exist`),
    ];
  });
}

function rowOf(half: string, module: string): number | undefined {
  const row = order[half]?.findIndex((names) => names.some((name) => posix.join(half, name) === module));
  return row === -1 ? undefined : row;
}

function cycleProblems(what: string, edges: readonly Edge[], nodeOf: (file: string) => string): string[] {
  const graph: Graph = graphOf(edges, nodeOf);
  return cyclesOf(graph).flatMap((cycle) => [
    `${what} that import each other: ${cycle.join(', ')}`,
    ...edges
      .filter(
        ({ from, to }) =>
          nodeOf(from) !== nodeOf(to) && [from, to].every((file) => cycle.includes(nodeOf(file))),
      )
      .map(({ from, line, to, kind }) => `  ${from}:${line}: imports ${to}${shown(kind)}`),
  ]);
}

function shown(kind: Import['kind']): string {
  return kind === 'value' ? '' : ` (${kind === 'type' ? 'a type' : 'import()'})`;
}

/** True when the path is the place, or below it. */
function isIn(place: string, path: string): boolean {
  const names = path.split('/');
  return place
    .split('/')
    .every((name, index) => name === names[index] || (name === '*' && index < names.length));
}
