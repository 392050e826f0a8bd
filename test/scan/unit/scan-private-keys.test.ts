/** Private keys are found and parsed in whatever carries their lines. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createDetector } from '../../../src/scan/detect/create-detector.ts';
import type { Detection } from '../../../src/scan/detect/candidate.ts';
import { TextDetection } from '../../../src/scan/detect/detection.ts';
import { Dice, armoured } from '../../../fixtures/tokens.ts';

const detector = createDetector(Buffer.alloc(32), Date.UTC(2026, 0, 1));

function detect(text: string): Detection[] {
  const length = detector.engine.memory.write(text);
  const found: Detection[] = [];
  new TextDetection(detector).next(length, true, (detection) => found.push(detection));
  return found.filter(({ rule }) => rule === 'private-key');
}

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .trim();
const lines = pem.split('\n');

/** Each line with something before it, which may depend on the line's number. */
const before = (prefix: (line: number) => string) => lines.map((line, at) => prefix(at) + line).join('\n');
/** Each line within something. */
const within = (start: string, end: string, separator = '\n') =>
  lines.map((line) => start + line + end).join(separator);
/** The lines with something between them. */
const between = (separator: string) => lines.join(separator);
const seconds = (line: number) => String(line).padStart(2, '0');

const carriers: Readonly<Record<string, string>> = {
  // Comments and indentation.
  'a shell': within('# ', ''),
  'C++': within('// ', ''),
  'C++ without a blank': within('//', ''),
  'a block comment': `/*\n${within(' * ', '')}\n */`,
  SQL: within('-- ', ''),
  Lisp: within(';; ', ''),
  batch: within('REM ', ''),
  m4: within('dnl ', ''),
  COBOL: within('      *> ', ''),
  Julia: within('#= ', ' =#'),
  XML: `<!--\n${within('  ', '')}\n-->`,
  // What other programs put before lines.
  mail: within('> ', ''),
  'a mail twice quoted': within('> > ', ''),
  'added lines': within('+', ''),
  'removed lines': within('-', ''),
  'numbered lines': before((line) => `  ${line}  `),
  'cat -n': before((line) => `${String(line).padStart(6)}\t`),
  'grep -n': before((line) => `conf/a.pem:${line}:`),
  'git blame': before((line) => `^1a2b3c4d (Jane Doe 2026-03-04 05:06:07 +0100 ${line}) `),
  syslog: before((line) => `Mar  4 05:06:${seconds(line)} host app[123]: `),
  'a log': before((line) => `2026-03-04 05:06:${seconds(line)},123 [INFO] worker-${line}: `),
  containerd: before((line) => `2026-03-04T05:06:${seconds(line)}.890123456Z stdout F `),
  'docker compose': within('web-1  | ', ''),
  "Docker's JSON": before((line) => `{"time":"05:06:${seconds(line)}","log":"`).replaceAll(/$/gm, '\\n"}'),
  'JSON lines': within('{"level":"info","msg":"', '"}'),
  colours: within('\x1b[32m', '\x1b[0m'),
  // Markup.
  'line breaks': between('<br>'),
  'line breaks of XHTML': between('<br />\n'),
  paragraphs: within('<p>', '</p>'),
  'list items': within('<li>', '</li>', ''),
  'a highlighter': within('<span class="hljs-string">', '</span>'),
  'a table with numbers': lines
    .map((line, at) => `<tr><td class="n">${at}</td><td>${line}</td></tr>`)
    .join('\n'),
  'character references': between('&#10;'),
  'hexadecimal references': between('&#xD;&#xA;'),
  'references twice encoded': between('&amp;#10;'),
  'references for signs': pem.replaceAll('/', '&#x2F;').replaceAll('=', '&#x3D;').replaceAll('+', '&#43;'),
  RTF: between('\\par\n'),
  TeX: between('\\\\\n'),
  'a workbook': between('_x000D_\n'),
  // Encodings.
  'percent-encoded line ends': between('%0A'),
  'percent-encoded': encodeURIComponent(pem),
  'percent-encoded twice': encodeURIComponent(encodeURIComponent(pem)),
  'a form': new URLSearchParams({ key: pem }).toString(),
  'quoted-printable': pem.replaceAll('=', '=3D'),
  JSON: between('\\n'),
  'JSON in JSON': between('\\\\n'),
  'JSON of PHP': between('\\n').replaceAll('/', '\\/'),
  'JSON of .NET': between('\\n').replaceAll('+', '\\u002B').replaceAll('/', '\\u002F'),
  'JSON with escapes': between('\\u000a'),
  octal: between('\\012'),
  'one line': between(' '),
  'Windows line ends': between('\r\n'),
  // Programs.
  Java: `"${between('\\n" +\n    "')}"`,
  JavaScript: `"${between('\\n"+"')}"`,
  PHP: `"${between('" . PHP_EOL .\n "')}"`,
  Perl: `'${between('\' . "\\n" .\n \'')}'`,
  'C#': `"${between('" + Environment.NewLine +\n  "')}"`,
  'Visual Basic': `"${between('" & vbCrLf & _\n "')}"`,
  'Visual Basic, by line': within('key = key & "', '" & vbCrLf'),
  PowerShell: `"${between('`r`n" +\n "')}"`,
  Lua: `"${between('\\n" ..\n "')}"`,
  Elixir: `"${between('\\n" <>\n "')}"`,
  OCaml: `"${between('\\n" ^\n "')}"`,
  Python: `(${within('"', '\\n"')})`,
  Ruby: within('  "', '\\n" \\'),
  C: `"${between('\\n\\\n')}"`,
  assembler: within('  .ascii "', '\\n"'),
  Fortran: within("  write(*,*) '", "'"),
  'a list': `[\n${within('  "', '",')}\n]`,
  calls: within("lines.push('", "');"),
  echo: within('echo ', ' >> key.pem'),
  'concatenation of SQL': `'${between("' || chr(10) ||\n  '")}'`,
  YAML: within('  - ', ''),
  'numbered names': lines.map((line, at) => `key${at}=${line}`).join('\n'),
  'a registry file': lines.map((line, at) => `"line${at}"="${line}"`).join('\r\n'),
};

describe('a key whose lines are carried by', () => {
  test.each(Object.entries(carriers))('%s', (_, text) => {
    expect(detect(`first\n${text}\nlast\n`)).toEqual([
      expect.objectContaining({
        line: 2 + text.slice(0, text.indexOf('-----BEGIN')).split('\n').length - 1,
        severity: 'high',
        confidence: 'high',
        evidence: ['RSA 2048', 'not encrypted'],
      }),
    ]);
  });

  test('comments, encrypted', () => {
    const headers = 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF0123456789ABCDEF\n';
    const body = new Dice('encrypted').bytes(600).toString('base64').replaceAll(/.{64}/g, '$&\n');
    const text = armoured('RSA PRIVATE KEY', `${headers}\n${body}`).replaceAll(/^/gm, '# ');
    expect(detect(text)).toEqual([
      expect.objectContaining({ severity: 'medium', evidence: ['RSA', 'encrypted'] }),
    ]);
  });

  test('comments, and whose content is no key', () => {
    const body = new Dice('no key').bytes(600).toString('base64').replaceAll(/.{64}/g, '$&\n');
    const text = armoured('PRIVATE KEY', body).replaceAll(/^/gm, '# ');
    expect(detect(text)).toEqual([expect.objectContaining({ severity: 'low', confidence: 'low' })]);
  });
});

describe('no key', () => {
  test.each([
    ['an ellipsis', within('# ', '').replaceAll(/^# [^-].*$/gm, '# ...')],
    ['a sentence', `between ${lines[0]} and ${lines.at(-1)} stands base64`],
    ['a program that looks for one', `if (text.startsWith("${lines[0]}")) { cut("${lines.at(-1)}"); }`],
    ['words', `# ${lines[0]}\n# paste the contents of the file here\n# ${lines.at(-1)}`],
    ['one repeated letter', `# ${lines[0]}\n# ${'x'.repeat(64)}\n# ${'x'.repeat(64)}\n# ${lines.at(-1)}`],
    ['a public key', within('# ', '').replaceAll('PRIVATE', 'PUBLIC')],
  ])('%s', (_, text) => {
    expect(detect(text)).toEqual([]);
  });
});
