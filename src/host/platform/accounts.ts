/** The accounts in this machine's passwd file (passwd(5)). Directory services such as LDAP are not queried. */

export const PASSWD = '/etc/passwd';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
}

/** The accounts in the text of a passwd file; malformed lines are ignored. */
export function accountsIn(passwd: string): Account[] {
  return passwd.split('\n').flatMap((line) => {
    const [name = '', , uid = '', , , home = ''] = line.split(':');
    return name !== '' && /^\d{1,10}$/.test(uid) ? [{ name, uid: Number(uid), home }] : [];
  });
}
