/**
 * The page without its data: markup, style and script, as one text. This module makes it from the sources in `client/`, in
 * a fraction of a second. In the executable, `page-template-on-demand.ts` replaces it, and reads the text that the build
 * made.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DATA_PLACE, TITLE_PLACE } from './page-places.ts';

/** @throws Error when a source cannot be bundled */
export async function pageTemplate(): Promise<string> {
  const [script, style] = await Promise.all([bundled('page.ts'), bundled('page.css')]);
  return documentOf(script, style);
}

async function bundled(name: string): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'client', name)],
    bundle: true,
    minify: true,
    platform: 'browser',
    // What Debian, Red Hat and Windows ship in long-term versions.
    target: ['chrome111', 'firefox115', 'safari16.4'],
    format: 'iife',
    // In a page, and in an executable, only ASCII is safe whatever the encoding.
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
  });
  // The end of an element within a script or a style would end it.
  return (outputFiles[0]?.text ?? '').trim().replaceAll('</', String.raw`<\/`);
}

/**
 * The policy allows this script and this style and nothing else: no request, no frame, no form, no code made from text.
 * The icon is part of the page, so that browsers ask for none.
 */
function documentOf(script: string, style: string): string {
  const policy = [
    `default-src 'none'`,
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    `img-src data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types 'none'`,
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${TITLE_PLACE}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript><p>This report needs JavaScript: allow it for this page. The page loads nothing from the network.</p></noscript>
<script type="application/json" id="data">${DATA_PLACE}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** A source expression of a content security policy (CSP Level 3, "hash-source"). */
function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
