/** The release notes: the changelog's section for one version. */

/** @throws Error when the changelog has no section `## VERSION` */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.split(/[\s\n]/, 1)[0] === version);
  if (section === undefined) throw new Error(`the changelog has no section "## ${version}"; write one`);
  return `# ${section.trim()}\n`;
}
