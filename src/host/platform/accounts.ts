/** The accounts of this machine as its passwd file lists them (passwd(5)). Directories such as LDAP are not asked. */

export const PASSWD = '/etc/passwd';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
}

/** The accounts in the text of a passwd file; lines of another form are left out. */
export function accountsIn(passwd: string): Account[] {
  return passwd.split('\n').flatMap((line) => {
    const [name = '', , uid = '', , , home = ''] = line.split(':');
    return name !== '' && /^\d{1,10}$/.test(uid) ? [{ name, uid: Number(uid), home }] : [];
  });
}
