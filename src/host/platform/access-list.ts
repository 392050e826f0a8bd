/**
 * Judges who can access a folder on Windows, from its security descriptor in SDDL (Security Descriptor Definition Language): owner and
 * access list. SDDL is the same in every language of Windows; the names that other formats show are translated.
 */

/** SYSTEM and the Administrators group, as SDDL writes them: their abbreviations or their well-known SIDs. */
const TRUSTED: ReadonlySet<string> = new Set(['SY', 'BA', 'S-1-5-18', 'S-1-5-32-544']);

/** Abbreviations that are likely to appear, for messages. */
const names: Readonly<Record<string, string>> = {
  AN: 'Anonymous',
  AU: 'Authenticated Users',
  BG: 'Guests',
  BU: 'Users',
  CO: 'Creator Owner',
  IU: 'Interactive',
  NU: 'Network',
  WD: 'Everyone',
};

/** What a folder's security descriptor says. */
export interface Access {
  /** The owner, if it is neither SYSTEM nor the Administrators group. */
  readonly foreignOwner: string | undefined;
  /** Why others have access, or may get it from a parent folder. */
  readonly openTo: string | undefined;
}

/** `O:owner G:group D:flags(entry)... S:...` without the spaces. Conditional entries, which contain parentheses, do not match. */
const DESCRIPTOR =
  /^O:(?<owner>[A-Z]{2}|S-[\d-]+)(?:G:(?:[A-Z]{2}|S-[\d-]+))?D:(?<flags>[A-Z_]*)(?<entries>(?:\([^()]*\))*)(?:S:.*)?$/;

/**
 * Parses a security descriptor.
 * @param sddl as `Get-Acl` prints it; the console may have wrapped it
 * @returns undefined for a text that is no descriptor, has no access list, or has entries of an unknown form
 * @see https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format
 */
export function accessOf(sddl: string): Access | undefined {
  const { owner, flags, entries } = DESCRIPTOR.exec(sddl.replaceAll(/[\r\n]/g, ''))?.groups ?? {};
  if (owner === undefined || flags === undefined || entries === undefined) return undefined;
  return { foreignOwner: TRUSTED.has(owner) ? undefined : nameOf(owner), openTo: openTo(flags, entries) };
}

function openTo(flags: string, entries: string): string | undefined {
  // A missing list grants everything to everyone.
  if (flags.includes('NO_ACCESS_CONTROL')) return 'Everyone';
  const others = [...entries.matchAll(/\(([^()]*)\)/g)]
    .map(([, entry = '']) => entry.split(';'))
    // Entries that deny access grant none. Everything else counts, even if it applies only to what will be created in the folder.
    .filter(([type = '']) => !['D', 'OD'].includes(type))
    .map(([, , , , , trustee = 'an unknown account']) => trustee)
    .filter((trustee) => !TRUSTED.has(trustee));
  if (others.length > 0) return [...new Set(others)].map(nameOf).join(', ');
  return /^(?:AR|AI)*P/.test(flags) ? undefined : 'whoever is added to a folder above it';
}

function nameOf(trustee: string): string {
  return names[trustee] ?? trustee;
}
