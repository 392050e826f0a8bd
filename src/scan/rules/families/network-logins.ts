/** Logins of networks and of the services that run them: VPN, dial-up, wireless, RADIUS, mail relays, DNS, monitoring. */
import type { Rule } from '../model/rule.ts';
import { IS, LINE, QUOTED, VALUE, line, storedRules } from '../authoring/settings.ts';
import { ciscoProfilePassword } from '../validators/obfuscated.ts';
import { storedPassword } from '../validators/stored-password.ts';
import { sample } from '../model/verdict.ts';

const BLANK = String.raw`[\t ]{1,20}`;
/** A word of a table, in quotes or not. */
const WORD = String.raw`(?:"[^"\r\n]{0,100}"|[^\s"#]{1,100})`;
const plist = (names: string, kind: 'string' | 'data') =>
  String.raw`<key>(?:${names})<\/key>\s{0,80}<${kind}>\s{0,80}(?<secret>[^<>\s][^<>]{0,255}?)\s{0,80}<\/${kind}>`;

export const networkLoginRules: readonly Rule[] = storedRules([
  [
    'cisco-vpn-profile-password',
    'Password in a profile of the Cisco VPN client',
    'https://www.cisco.com/c/en/us/td/docs/security/vpn_client/cisco_vpn_client/vpn_client500_501/administration/5vcA/vcA4.html',
    { extensions: ['pcf'] },
    line('!?(?:GroupPwd|UserPassword)='),
  ],
  [
    'cisco-vpn-profile-obfuscated-password',
    'Obfuscated password in a profile of the Cisco VPN client',
    'https://www.cisco.com/c/en/us/td/docs/security/vpn_client/cisco_vpn_client/vpn_client500_501/administration/5vcA/vcA4.html',
    { extensions: ['pcf'] },
    line('!?enc_(?:GroupPwd|UserPassword)=', String.raw`(?<secret>(?:[0-9A-Fa-f]{2}){48,200})(?!\S)`),
    { validate: ciscoProfilePassword },
  ],
  [
    'vpnc-password',
    'Password of vpnc',
    'https://manpages.debian.org/stable/vpnc/vpnc.8.en.html',
    { names: ['vpnc.conf', 'default.conf'], extensions: ['vpnc'], path: /vpnc/ },
    line(`(?:IPSec secret|Xauth password)${BLANK}`),
  ],
  [
    'vpnc-obfuscated-password',
    'Obfuscated password of vpnc',
    'https://manpages.debian.org/stable/vpnc/vpnc.8.en.html',
    { names: ['vpnc.conf', 'default.conf'], extensions: ['vpnc'], path: /vpnc/ },
    line(
      `(?:IPSec obfuscated secret|Xauth obfuscated password)${BLANK}`,
      String.raw`(?<secret>(?:[0-9A-Fa-f]{2}){48,200})(?!\S)`,
    ),
    { validate: ciscoProfilePassword },
  ],
  [
    'ipsec-secret',
    'Secret of an IPsec connection',
    'https://docs.strongswan.org/docs/latest/config/ipsecSecrets.html',
    { names: ['ipsec.secrets'], extensions: ['secrets'] },
    `${LINE}${String.raw`(?:[^\s#:"][^\r\n":]{0,200})?:[\t ]{0,8}`}(?:PSK|XAUTH|EAP|NTLM|PIN|RSA${BLANK}${WORD}|ECDSA${BLANK}${WORD}|P12${BLANK}${WORD})${BLANK}(?!%)${String.raw`(?:"(?<secret>[^"\r\n]{1,200})"|(?<secret>[^\s"{][^\s]{0,200}))`}`,
  ],
  [
    'swanctl-secret',
    'Secret of a strongSwan connection',
    'https://docs.strongswan.org/docs/latest/swanctl/swanctlConf.html',
    { names: ['swanctl.conf'], extensions: ['conf'], path: /swanctl/ },
    line(`(?:secret|pin)${IS}`),
  ],
  [
    'racoon-pre-shared-key',
    'Pre-shared key of racoon',
    'https://manpages.debian.org/buster/racoon/racoon.conf.5.en.html',
    { names: ['psk.txt'] },
    `${LINE}${String.raw`(?:\d{1,3}\.[\d./]{5,20}|[0-9a-f:]{3,45}|[\w.@-]{3,100}|\*)`}${BLANK}${String.raw`(?<secret>[^\s#][^\r\n]{2,120})(?![^\r\n])`}`,
  ],
  [
    'apple-profile-password',
    'Password in a configuration profile of Apple',
    'https://developer.apple.com/documentation/devicemanagement/wifi',
    { extensions: ['mobileconfig'] },
    plist('[A-Za-z]{0,24}Password', 'string'),
  ],
  [
    'apple-profile-shared-secret',
    'Shared secret of a VPN in a configuration profile of Apple',
    'https://developer.apple.com/documentation/devicemanagement/vpn',
    { extensions: ['mobileconfig'] },
    `(?:${plist('SharedSecret', 'data')}|${plist('SharedSecret', 'string')})`,
  ],
  [
    'openvpn-inline-password',
    'Password in an OpenVPN profile',
    'https://openvpn.net/community-resources/reference-manual-for-openvpn-2-6/',
    { extensions: ['ovpn', 'conf'] },
    String.raw`<(?:auth-user-pass|http-proxy-user-pass)>\s{0,8}\r?\n[^\r\n<]{1,128}\r?\n(?<secret>[^\s<][^\r\n<]{0,127})\r?\n`,
  ],
  [
    'openvpn-login-file-password',
    'Password in a login file of OpenVPN',
    'https://openvpn.net/community-resources/reference-manual-for-openvpn-2-6/',
    {
      names: [
        'auth.txt',
        'pass.txt',
        'login.txt',
        'login.conf',
        'auth.conf',
        'credentials.txt',
        'credentials',
        'up.txt',
        'userpass.txt',
      ],
      path: /(?:openvpn|\bvpn)[^/]*\//,
    },
    String.raw`(?<![^\n])[^\s#=:]{1,128}\r?\n(?<secret>[^\s#][^\r\n]{2,127})(?![^\r\n])`,
  ],
  [
    'openfortivpn-password',
    'Password of openfortivpn',
    'https://github.com/adrienverge/openfortivpn#configuration-file',
    { names: ['config'], path: /openfortivpn\/config$/ },
    line(`password${IS}`),
  ],
  [
    'ppp-secret',
    'Secret of a PPP connection',
    'https://manpages.debian.org/stable/ppp/pppd.8.en.html#AUTHENTICATION',
    { names: ['chap-secrets', 'pap-secrets', 'srp-secrets', 'l2tp-secrets'] },
    `${LINE}${WORD}${BLANK}${WORD}${BLANK}${VALUE}`,
  ],
  [
    'radius-client-secret',
    'Shared secret of a RADIUS client',
    'https://wiki.freeradius.org/config/clients.conf',
    { names: ['clients.conf', 'proxy.conf', 'home_servers.conf'] },
    line(`secret${IS}`),
    { validate: radiusSecret },
  ],
  [
    'radius-user-password',
    'Password of a RADIUS user',
    'https://wiki.freeradius.org/config/Users',
    { names: ['users', 'authorize', 'users.conf'] },
    `${LINE}(?:${WORD}${BLANK})?${String.raw`(?:Cleartext|User)-Password[\t ]{0,4}:?==?[\t ]{0,4}${QUOTED}`}`,
  ],
  [
    'pam-radius-secret',
    'Secret of a RADIUS server for logins',
    'https://github.com/FreeRADIUS/pam_radius#configuration',
    { names: ['pam_radius_auth.conf', 'pam_radius.conf'] },
    `${LINE}${String.raw`[\w.:[\]-]{3,100}`}${BLANK}${String.raw`(?<secret>[^\s#]{1,128})(?=[\t ]{1,20}\d{1,3}|[\t ]{0,8}(?![^\r\n]))`}`,
    { validate: radiusSecret },
  ],
  [
    'snmp-client-passphrase',
    'SNMP passphrase or community of a client',
    'https://net-snmp.sourceforge.io/docs/man/snmp.conf.html',
    { names: ['snmp.conf', 'snmptrapd.conf'] },
    line(`(?:def(?:Auth|Priv)?Passphrase|defCommunity|authCommunity${BLANK}[a-z,]{3,30})${BLANK}`),
    {
      severity: 'medium',
      validate: (secret, context) =>
        /^(?:public|private)$/.test(secret)
          ? sample('a default that everybody knows')
          : storedPassword(secret, context),
    },
  ],
  [
    'iwd-network-key',
    'Key of a wireless network of iwd',
    'https://manpages.debian.org/stable/iwd/iwd.network.5.en.html',
    { extensions: ['psk', '8021x'] },
    line('(?:Passphrase|PreSharedKey|EAP-[A-Za-z0-9-]{1,40}(?:Password|Passphrase))='),
  ],
  [
    'network-script-key',
    'Key of a wireless network in the scripts of a network',
    'https://docs.redhat.com/en/documentation/red_hat_enterprise_linux/6/html/deployment_guide/ch-network_interfaces',
    { folders: ['network-scripts'] },
    line('(?:WPA_PSK|KEY[1-4]?|IEEE_8021X_PASSWORD|IEEE_8021X_PRIVATE_KEY_PASSWORD)='),
  ],
  [
    'netplan-password',
    'Password of a network in netplan',
    'https://netplan.readthedocs.io/en/stable/netplan-yaml/',
    { extensions: ['yaml', 'yml'], path: /\/netplan\// },
    line(`(?:password|client-key-password|api-key)${IS}`),
  ],
  [
    'openwrt-password',
    'Password in the configuration of OpenWrt',
    'https://openwrt.org/docs/guide-user/network/wifi/basic',
    { names: ['wireless', 'network', 'ddns', 'openvpn', 'rpcd'], path: /(?:^|\/)config\/[a-z]+$/ },
    line(
      String.raw`option[\t ]{1,8}'?(?:key[1-4]?|password|sae_password|auth_secret|acct_secret|priv_key_pwd)'?[\t ]{1,8}`,
      QUOTED,
    ),
  ],
  [
    'hostapd-station-key',
    'Key of a wireless station',
    'https://w1.fi/cgit/hostap/plain/hostapd/hostapd.wpa_psk',
    { names: ['hostapd.wpa_psk', 'wpa_psk'] },
    `${LINE}${String.raw`(?:[a-z_]{1,20}=\S{1,40}[\t ]{1,8}){0,3}(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}[\t ]{1,8}(?<secret>[^\r\n]{8,64})(?![^\r\n])`}`,
  ],
  [
    'dynamic-dns-password',
    'Password of a dynamic DNS service',
    'https://ddclient.net/general.html',
    { names: ['ddclient.conf', 'inadyn.conf'] },
    String.raw`(?<![A-Za-z-])password[\t ]{0,8}=[\t ]{0,8}(?:"(?<secret>[^"\r\n]{1,128})"|'(?<secret>[^'\r\n]{1,128})'|(?<secret>[^\s"',]{1,128}))`,
  ],
  [
    'dns-transaction-key',
    'Key of DNS transactions (TSIG)',
    'https://bind9.readthedocs.io/en/latest/chapter7.html#tsig',
    {
      names: [
        'rndc.key',
        'rndc.conf',
        'named.conf',
        'named.conf.local',
        'named.conf.keys',
        'session.key',
        'tsig.key',
        'dhcpd.conf',
        'ddns.key',
      ],
    },
    String.raw`(?<![A-Za-z-])secret[\t ]{1,8}"?(?<secret>[A-Za-z0-9+/]{16,172}={0,2})"?[\t ]{0,4};`,
    {
      remediation:
        'Make a new key with `tsig-keygen` on both sides, and let only its service read this file.',
    },
  ],
  [
    'keepalived-password',
    'Password of keepalived',
    'https://keepalived.readthedocs.io/en/latest/configuration_synopsis.html',
    { names: ['keepalived.conf'] },
    line(`auth_pass${BLANK}`),
    { severity: 'medium' },
  ],
  [
    'haproxy-password',
    'Password in the configuration of HAProxy',
    'https://docs.haproxy.org/3.0/configuration.html#3.4',
    { names: ['haproxy.cfg'] },
    line(
      String.raw`(?:user${BLANK}\S{1,64}${BLANK}insecure-password${BLANK}|stats${BLANK}auth${BLANK}[^\s:]{1,64}:)`,
    ),
  ],
  [
    'routing-daemon-password',
    'Password in the configuration of a routing daemon',
    'https://docs.frrouting.org/en/latest/basic.html',
    { names: ['frr.conf', 'bgpd.conf', 'ospfd.conf', 'zebra.conf', 'vtysh.conf', 'bird.conf', 'ripd.conf'] },
    line(
      String.raw`(?:neighbor${BLANK}\S{1,64}${BLANK}password|(?:enable${BLANK})?password|ip ospf (?:authentication-key|message-digest-key \d{1,3} md5))${BLANK}`,
      String.raw`(?!8 )"?(?<secret>[^\s";]{1,80})"?`,
    ),
  ],
  [
    'asterisk-secret',
    'Secret of a telephone in Asterisk',
    'https://docs.asterisk.org/Configuration/Channel-Drivers/SIP/Configuring-res_pjsip/',
    {
      names: [
        'sip.conf',
        'iax.conf',
        'manager.conf',
        'pjsip.conf',
        'users.conf',
        'sip_additional.conf',
        'manager_custom.conf',
        'pjsip.auth.conf',
      ],
    },
    line(String.raw`(?:secret|password|remotesecret)[\t ]{0,20}=>?[\t ]{0,20}`),
  ],
  [
    'ups-monitor-password',
    'Password of Network UPS Tools',
    'https://networkupstools.org/docs/man/upsd.users.html',
    { names: ['upsd.users', 'upsmon.conf'] },
    line(String.raw`(?:password${IS}|MONITOR${BLANK}\S{1,80}${BLANK}\d{1,3}${BLANK}\S{1,64}${BLANK})`),
    { severity: 'medium' },
  ],
  [
    'mosquitto-password',
    'Password of a bridge of Mosquitto',
    'https://mosquitto.org/man/mosquitto-conf-5.html',
    { names: ['mosquitto.conf', 'bridge.conf'] },
    line(String.raw`(?:remote_password|bridge_psk|password)${BLANK}`),
  ],
  [
    'mail-relay-password',
    'Password of a mail relay',
    'https://www.postfix.org/SASL_README.html#client_sasl_enable',
    { names: ['sasl_passwd', 'sasl_password', 'sasl-passwd', 'smtp_auth', 'relay_passwd', 'passwd.client'] },
    `${LINE}${String.raw`(?![^\r\n]{0,60}example\.(?:com|net|org))(?:[\w.*@[\]:-]{2,120}[\t ]{1,20}|[\w.*-]{1,100}:)[^\s:]{1,100}:(?<secret>[^\r\n]{1,128})(?![^\r\n])`}`,
  ],
  [
    'dovecot-directory-password',
    "Password of Dovecot's directory",
    'https://doc.dovecot.org/2.3/configuration_manual/authentication/ldap/',
    { names: ['dovecot-ldap.conf', 'dovecot-ldap.conf.ext'] },
    line(`dnpass${IS}`),
  ],
  [
    'openldap-root-password',
    'Password of the administrator of OpenLDAP',
    'https://www.openldap.org/doc/admin26/slapdconfig.html',
    { names: ['slapd.conf'], extensions: ['ldif'] },
    line(String.raw`(?:rootpw${BLANK}|olcRootPW:[\t ]{1,4})`),
  ],
  [
    'apache-directory-password',
    "Password of Apache's directory",
    'https://httpd.apache.org/docs/2.4/mod/mod_authnz_ldap.html#authldapbindpassword',
    { extensions: ['conf'], names: ['.htaccess'] },
    line(`AuthLDAPBindPassword${BLANK}`, String.raw`(?!"?exec:)${VALUE}`),
  ],
  [
    'mount-table-password',
    'Password in the table of mounts',
    'https://manpages.debian.org/stable/cifs-utils/mount.cifs.8.en.html',
    { names: ['fstab', 'auto.cifs', 'auto.smb', 'auto.master', 'auto.misc'] },
    String.raw`(?:^|[\t ,])(?:password|pass)=(?<secret>[^\s,]{1,128})`,
  ],
  [
    'curl-configuration-password',
    'Password in the configuration of curl',
    'https://curl.se/docs/manpage.html#-K',
    { names: ['.curlrc', '_curlrc'] },
    line(
      String.raw`-{0,2}(?:user|proxy-user|u|U)[\t ]{0,8}[=: ][\t ]{0,8}"?[^\s":]{1,80}:`,
      String.raw`(?<secret>[^\s"]{1,128})`,
    ),
  ],
  [
    'wget-configuration-password',
    'Password in the configuration of Wget',
    'https://www.gnu.org/software/wget/manual/html_node/Wgetrc-Commands.html',
    { names: ['.wgetrc', 'wgetrc'] },
    line(`(?:(?:http|ftp|proxy)_?)?(?:password|passwd)${IS}`),
  ],
  [
    'package-repository-password',
    'Password of a repository of packages',
    'https://dnf.readthedocs.io/en/latest/conf_ref.html',
    {
      names: ['yum.conf', 'dnf.conf', 'rhsm.conf', 'scccredentials'],
      extensions: ['repo'],
      folders: ['credentials.d'],
    },
    line(`(?:proxy_)?password${IS}`),
  ],
  [
    'rsync-secret',
    'Password of an rsync user',
    'https://download.samba.org/pub/rsync/rsyncd.conf.5',
    { names: ['rsyncd.secrets', 'rsync.secrets'] },
    `${LINE}${String.raw`[^\s#:]{1,64}:(?<secret>[^\r\n]{1,128})(?![^\r\n])`}`,
  ],
  [
    'davfs-password',
    'Password of a WebDAV share',
    'https://manpages.debian.org/stable/davfs2/davfs2.conf.5.en.html',
    { names: ['secrets'], path: /davfs2\/secrets$/ },
    `${LINE}${String.raw`[^\s#]{1,200}`}${BLANK}${WORD}${BLANK}${VALUE}`,
  ],
]);

/** Shared secrets of the configuration that FreeRADIUS comes with. */
function radiusSecret(...[secret, context]: Parameters<Rule['validate']>): ReturnType<Rule['validate']> {
  return /^(?:testing123(?:-\d)?|(?:other\d?-){1,2}secret|secret|radius)$/.test(secret)
    ? sample('a default that everybody knows')
    : storedPassword(secret, context);
}
