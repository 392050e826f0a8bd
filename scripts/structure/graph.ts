/** Directed graphs: cycles and layers. */

/** For each node its successors; without edges from a node to itself. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

export function graphOf(
  edges: Iterable<{ readonly from: string; readonly to: string }>,
  nodeOf: (name: string) => string,
): Graph {
  const graph = new Map<string, Set<string>>();
  for (const edge of edges) {
    const [from, to] = [nodeOf(edge.from), nodeOf(edge.to)];
    for (const node of [from, to]) if (!graph.has(node)) graph.set(node, new Set());
    if (from !== to) graph.get(from)?.add(to);
  }
  return graph;
}

/** The strongly connected components of more than one node (Tarjan). */
export function cyclesOf(graph: Graph): string[][] {
  const numbers = new Map<string, number>();
  const open: string[] = [];
  const cycles: string[][] = [];
  /** Returns the lowest number of an open node that `node` leads to. */
  const visit = (node: string): number => {
    const number = numbers.size;
    numbers.set(node, number);
    open.push(node);
    let lowest = number;
    for (const next of graph.get(node) ?? []) {
      const known = numbers.get(next);
      if (known === undefined) lowest = Math.min(lowest, visit(next));
      else if (open.includes(next)) lowest = Math.min(lowest, known);
    }
    if (lowest === number) {
      const group = open.splice(open.indexOf(node));
      if (group.length > 1) cycles.push(group.toSorted());
    }
    return lowest;
  };
  for (const node of graph.keys()) if (!numbers.has(node)) visit(node);
  return cycles;
}

/** The nodes by the length of the longest path from them. Nodes of a cycle end the path. */
export function layersOf(graph: Graph): string[][] {
  const layers = new Map<string, number>();
  const layerOf = (node: string): number => {
    const known = layers.get(node);
    if (known !== undefined) return known;
    layers.set(node, 0);
    const layer = 1 + Math.max(0, ...Array.from(graph.get(node) ?? [], layerOf));
    layers.set(node, layer);
    return layer;
  };
  for (const node of graph.keys()) layerOf(node);
  return Array.from({ length: Math.max(0, ...layers.values()) }, (_, index) =>
    [...graph.keys()].filter((node) => layers.get(node) === index + 1).toSorted(),
  );
}
