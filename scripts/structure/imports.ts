/** The imports between the files of a checkout: with `import` and `import()`, as a value and as a type. */
import { globSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { type Node, Visitor, parseSync } from 'oxc-parser';
import * as z from 'zod';

/** Paths are relative to the checkout, with `/`. */
export interface Import {
  readonly from: string;
  readonly line: number;
  /** The imported file; undefined when it is known only at run time. */
  readonly to: string | undefined;
  readonly kind: 'value' | 'type' | 'dynamic';
}

export interface Imports {
  readonly files: readonly string[];
  readonly imports: readonly Import[];
}

const folders = '{src,build,scripts,fixtures,examples,test}';

/** Reads all TypeScript of the checkout. @throws Error that names a file which cannot be parsed */
export function readImports(root: string): Imports {
  const files = globSync([`${folders}/**/*.ts`, '*.ts'], { cwd: root, exclude: ['**/node_modules'] })
    .map((file) => file.replaceAll(sep, '/'))
    .toSorted();
  const manifest = z
    .object({ imports: z.record(z.string(), z.string()).default({}) })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const imports = files.flatMap((from) =>
    importsOf(from, readFileSync(join(root, from), 'utf8')).flatMap((found) =>
      targetsOf(found, files, manifest.imports).map((to): Import => ({ ...found.import, to })),
    ),
  );
  return { files, imports };
}

interface Found {
  readonly import: Omit<Import, 'to'>;
  /** The specifier, or its part before the first placeholder; undefined when there is neither. */
  readonly text: string | undefined;
  readonly isPrefix: boolean;
}

function importsOf(file: string, source: string): Found[] {
  const { program, errors } = parseSync(file, source);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${file}: ${error.message}`);
  const found: Found[] = [];
  const add = (kind: Import['kind'] | undefined, target: Node) => {
    const line = source.slice(0, target.start).split('\n').length;
    found.push({ import: { from: file, line, kind: kind ?? 'value' }, ...written(target) });
  };
  new Visitor({
    ImportDeclaration: ({ source: target, importKind, specifiers }) => {
      const areTypes =
        specifiers.length > 0 &&
        specifiers.every((each) => each.type === 'ImportSpecifier' && each.importKind === 'type');
      add(importKind === 'type' || areTypes ? 'type' : 'value', target);
    },
    ExportAllDeclaration: ({ source: target, exportKind }) => add(exportKind, target),
    ExportNamedDeclaration: ({ source: target, exportKind }) => {
      if (target !== null) add(exportKind, target);
    },
    ImportExpression: ({ source: target }) => add('dynamic', target),
    TSImportType: ({ source: target }) => add('type', target),
  }).visit(program);
  return found;
}

function written(target: Node): Pick<Found, 'text' | 'isPrefix'> {
  if (target.type === 'Literal' && typeof target.value === 'string')
    return { text: target.value, isPrefix: false };
  if (target.type !== 'TemplateLiteral') return { text: undefined, isPrefix: false };
  const [first = '', ...rest] = target.quasis.map(({ value }) => value.cooked ?? '');
  if (rest.length === 0) return { text: first, isPrefix: false };
  // `./families/${name}.ts`: a file of that folder.
  const isFolder = first.endsWith('/') && !rest.join('').includes('/');
  return { text: isFolder ? first : undefined, isPrefix: isFolder };
}

/** Empty for packages, several for a prefix. */
function targetsOf(
  { import: { from }, text, isPrefix }: Found,
  files: readonly string[],
  aliases: Readonly<Record<string, string>>,
): (string | undefined)[] {
  if (text === undefined) return [undefined];
  const alias = aliases[text];
  if (alias !== undefined) return [posix.normalize(alias)];
  if (!/^\.\.?\//.test(text)) return [];
  const path = posix.join(posix.dirname(from), text);
  if (path.startsWith('node_modules/')) return [];
  return isPrefix ? files.filter((file) => `${posix.dirname(file)}/` === path) : [path];
}
