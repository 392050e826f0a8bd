/**
 * Checks what may import what: `npm run structure [-- CHECKOUT]`. Prints what it checked and the layers of `src/`,
 * then each problem; exits with 1 if there is one. The table is `structure/allowed.ts`.
 */
import { resolve } from 'node:path';
import { checkStructure } from './structure/check.ts';
import { readImports } from './structure/imports.ts';

const imports = readImports(resolve(process.argv[2] ?? '.'));
const { problems, layers } = checkStructure(imports);
const count = (kind: string) => imports.imports.filter((each) => each.kind === kind).length;
console.log(
  `structure: ${imports.files.length} files, ${imports.imports.length} imports of one another ` +
    `(${count('type')} of types, ${count('dynamic')} dynamic)`,
);
console.log('checked: areas, order of modules, cycles of files, folders and modules in src/, layers');
for (const [index, modules] of layers.entries())
  console.log(`${String(index + 1).padStart(3)}  ${modules.join('  ')}`);
for (const problem of problems) console.error(problem);
console.log(`structure: ${layers.length} layers, ${problems.length} problems`);
if (problems.length > 0) process.exitCode = 1;
