/** What the packages for Linux have in common: where their files are (Filesystem Hierarchy Standard 3.0). */
import { gzipSync } from 'node:zlib';
import { bashScript, zshScript } from '../../../src/host/commands/completion.ts';
import type { PackageInput } from './package-input.ts';
import type { StagedFile } from './staging.ts';

/**
 * The executable, the job documents, the manual page, scripts that complete commands in shells, and documents other than licence and
 * changelog.
 * @param zsh folder of zsh's scripts, which depends on the distribution
 */
export function linuxFiles({ facts, contents }: PackageInput, zsh: string): StagedFile[] {
  const { name, program } = facts;
  return [
    { path: `usr/bin/${program}`, content: contents.executable, executable: true },
    ...contents.jobs.map((job) => ({ path: `usr/share/${name}/jobs/${job.name}`, content: job.content })),
    { path: `usr/share/man/man1/${program}.1.gz`, content: gzipSync(contents.manual, { level: 9 }) },
    { path: `usr/share/bash-completion/completions/${program}`, content: bashScript(program) },
    { path: `${zsh}/_${program}`, content: zshScript(program) },
    ...contents.documents.map((document) => ({
      path: `usr/share/doc/${name}/${document.name}`,
      content: document.content,
    })),
  ];
}
