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
    'Password in a Cisco VPN client profile',
    'https://www.cisco.com/c/en/us/td/docs/security/vpn_client/cisco_vpn_client/vpn_client500_501/administration/5vcA/vcA4.html',
    { extensions: ['pcf'] },
    line('!?(?:GroupPwd|UserPassword)='),
  ],
  [
    'cisco-vpn-profile-obfuscated-password',
    'Password in a Cisco VPN client profile (obfuscated)',
    'https://www.cisco.com/c/en/us/td/docs/security/vpn_client/cisco_vpn_client/vpn_client500_501/administration/5vcA/vcA4.html',
    { extensions: ['pcf'] },
    line('!?enc_(?:GroupPwd|UserPassword)=', String.raw`(?<secret>(?:[0-9A-Fa-f]{2}){48,200})(?!\S)`),
    { validate: ciscoProfilePassword },
  ],
  [
    'vpnc-password',
    'vpnc password',
    'https://manpages.debian.org/stable/vpnc/vpnc.8.en.html',
    { names: ['vpnc.conf', 'default.conf'], extensions: ['vpnc'], path: /vpnc/ },
    line(`(?:IPSec secret|Xauth password)${BLANK}`),
  ],
  [
    'vpnc-obfuscated-password',
    'vpnc password (obfuscated)',
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
    'IPsec connection secret',
    'https://docs.strongswan.org/docs/latest/config/ipsecSecrets.html',
    { names: ['ipsec.secrets'], extensions: ['secrets'] },
    `${LINE}${String.raw`(?:[^\s#:"][^\r\n":]{0,200})?:[\t ]{0,8}`}(?:PSK|XAUTH|EAP|NTLM|PIN|RSA${BLANK}${WORD}|ECDSA${BLANK}${WORD}|P12${BLANK}${WORD})${BLANK}(?!%)${String.raw`(?:"(?<secret>[^"\r\n]{1,200})"|(?<secret>[^\s"{][^\s]{0,200}))`}`,
  ],
  [
    'swanctl-secret',
    'strongSwan connection secret',
    'https://docs.strongswan.org/docs/latest/swanctl/swanctlConf.html',
    { names: ['swanctl.conf'], extensions: ['conf'], path: /swanctl/ },
    line(`(?:secret|pin)${IS}`),
  ],
  [
    'racoon-pre-shared-key',
    'racoon pre-shared key',
    'https://manpages.debian.org/buster/racoon/racoon.conf.5.en.html',
    { names: ['psk.txt'] },
    `${LINE}${String.raw`(?:\d{1,3}\.[\d./]{5,20}|[0-9a-f:]{3,45}|[\w.@-]{3,100}|\*)`}${BLANK}${String.raw`(?<secret>[^\s#][^\r\n]{2,120})(?![^\r\n])`}`,
  ],
  [
    'apple-profile-password',
    'Password in an Apple configuration profile',
    'https://developer.apple.com/documentation/devicemanagement/wifi',
    { extensions: ['mobileconfig'] },
    plist('[A-Za-z]{0,24}Password', 'string'),
  ],
  [
    'apple-profile-shared-secret',
    'VPN shared secret in an Apple configuration profile',
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
    { needs: ['user-pass>'] },
  ],
  [
    'openvpn-login-file-password',
    'Password in an OpenVPN login file',
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
    'openfortivpn password',
    'https://github.com/adrienverge/openfortivpn#configuration-file',
    { names: ['config'], path: /openfortivpn\/config$/ },
    line(`password${IS}`),
  ],
  [
    'ppp-secret',
    'PPP connection secret',
    'https://manpages.debian.org/stable/ppp/pppd.8.en.html#AUTHENTICATION',
    { names: ['chap-secrets', 'pap-secrets', 'srp-secrets', 'l2tp-secrets'] },
    `${LINE}${WORD}${BLANK}${WORD}${BLANK}${VALUE}`,
  ],
  [
    'radius-client-secret',
    'RADIUS client shared secret',
    'https://wiki.freeradius.org/config/clients.conf',
    { names: ['clients.conf', 'proxy.conf', 'home_servers.conf'] },
    line(`secret${IS}`),
    { validate: radiusSecret },
  ],
  [
    'radius-user-password',
    'RADIUS user password',
    'https://wiki.freeradius.org/config/Users',
    { names: ['users', 'authorize', 'users.conf'] },
    `${LINE}(?:${WORD}${BLANK})?${String.raw`(?:Cleartext|User)-Password[\t ]{0,4}:?==?[\t ]{0,4}${QUOTED}`}`,
  ],
  [
    'pam-radius-secret',
    'RADIUS server secret for logins (PAM)',
    'https://github.com/FreeRADIUS/pam_radius#configuration',
    { names: ['pam_radius_auth.conf', 'pam_radius.conf'] },
    `${LINE}${String.raw`[\w.:[\]-]{3,100}`}${BLANK}${String.raw`(?<secret>[^\s#]{1,128})(?=[\t ]{1,20}\d{1,3}|[\t ]{0,8}(?![^\r\n]))`}`,
    { validate: radiusSecret },
  ],
  [
    'snmp-client-passphrase',
    'SNMP client passphrase or community string',
    'https://net-snmp.sourceforge.io/docs/man/snmp.conf.html',
    { names: ['snmp.conf', 'snmptrapd.conf'] },
    line(`(?:def(?:Auth|Priv)?Passphrase|defCommunity|authCommunity${BLANK}[a-z,]{3,30})${BLANK}`),
    {
      severity: 'medium',
      validate: (secret, context) =>
        /^(?:public|private)$/.test(secret) ? sample('well-known default') : storedPassword(secret, context),
    },
  ],
  [
    'iwd-network-key',
    'Wi-Fi key in iwd settings',
    'https://manpages.debian.org/stable/iwd/iwd.network.5.en.html',
    { extensions: ['psk', '8021x'] },
    line('(?:Passphrase|PreSharedKey|EAP-[A-Za-z0-9-]{1,40}(?:Password|Passphrase))='),
  ],
  [
    'network-script-key',
    'Wi-Fi key in network scripts',
    'https://docs.redhat.com/en/documentation/red_hat_enterprise_linux/6/html/deployment_guide/ch-network_interfaces',
    { folders: ['network-scripts'] },
    line('(?:WPA_PSK|KEY[1-4]?|IEEE_8021X_PASSWORD|IEEE_8021X_PRIVATE_KEY_PASSWORD)='),
  ],
  [
    'netplan-password',
    'Network password in Netplan configuration',
    'https://netplan.readthedocs.io/en/stable/netplan-yaml/',
    { extensions: ['yaml', 'yml'], path: /\/netplan\// },
    line(`(?:password|client-key-password|api-key)${IS}`),
  ],
  [
    'openwrt-password',
    'Password in OpenWrt configuration',
    'https://openwrt.org/docs/guide-user/network/wifi/basic',
    { names: ['wireless', 'network', 'ddns', 'openvpn', 'rpcd'], path: /(?:^|\/)config\/[a-z]+$/ },
    line(
      String.raw`option[\t ]{1,8}'?(?:key[1-4]?|password|sae_password|auth_secret|acct_secret|priv_key_pwd)'?[\t ]{1,8}`,
      QUOTED,
    ),
  ],
  [
    'hostapd-station-key',
    'Wi-Fi station key in hostapd configuration',
    'https://w1.fi/cgit/hostap/plain/hostapd/hostapd.wpa_psk',
    { names: ['hostapd.wpa_psk', 'wpa_psk'] },
    `${LINE}${String.raw`(?:[a-z_]{1,20}=\S{1,40}[\t ]{1,8}){0,3}(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}[\t ]{1,8}(?<secret>[^\r\n]{8,64})(?![^\r\n])`}`,
  ],
  [
    'dynamic-dns-password',
    'Dynamic DNS password',
    'https://ddclient.net/general.html',
    { names: ['ddclient.conf', 'inadyn.conf'] },
    String.raw`(?<![A-Za-z-])password[\t ]{0,8}=[\t ]{0,8}(?:"(?<secret>[^"\r\n]{1,128})"|'(?<secret>[^'\r\n]{1,128})'|(?<secret>[^\s"',]{1,128}))`,
  ],
  [
    'dns-transaction-key',
    'DNS transaction signature (TSIG) key',
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
        'Create a new key with `tsig-keygen`, install it on both servers, and make this file readable only by the DNS service.',
    },
  ],
  [
    'keepalived-password',
    'Keepalived password',
    'https://keepalived.readthedocs.io/en/latest/configuration_synopsis.html',
    { names: ['keepalived.conf'] },
    line(`auth_pass${BLANK}`),
    { severity: 'medium' },
  ],
  [
    'haproxy-password',
    'Password in HAProxy configuration',
    'https://docs.haproxy.org/3.0/configuration.html#3.4',
    { names: ['haproxy.cfg'] },
    line(
      String.raw`(?:user${BLANK}\S{1,64}${BLANK}insecure-password${BLANK}|stats${BLANK}auth${BLANK}[^\s:]{1,64}:)`,
    ),
  ],
  [
    'routing-daemon-password',
    'Password in routing daemon configuration',
    'https://docs.frrouting.org/en/latest/basic.html',
    { names: ['frr.conf', 'bgpd.conf', 'ospfd.conf', 'zebra.conf', 'vtysh.conf', 'bird.conf', 'ripd.conf'] },
    line(
      String.raw`(?:neighbor${BLANK}\S{1,64}${BLANK}password|(?:enable${BLANK})?password|ip ospf (?:authentication-key|message-digest-key \d{1,3} md5))${BLANK}`,
      String.raw`(?!8 )"?(?<secret>[^\s";]{1,80})"?`,
    ),
  ],
  [
    'asterisk-secret',
    'Phone secret in Asterisk configuration',
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
    'Network UPS Tools password',
    'https://networkupstools.org/docs/man/upsd.users.html',
    { names: ['upsd.users', 'upsmon.conf'] },
    line(String.raw`(?:password${IS}|MONITOR${BLANK}\S{1,80}${BLANK}\d{1,3}${BLANK}\S{1,64}${BLANK})`),
    { severity: 'medium' },
  ],
  [
    'mosquitto-password',
    'Mosquitto bridge password',
    'https://mosquitto.org/man/mosquitto-conf-5.html',
    { names: ['mosquitto.conf', 'bridge.conf'] },
    line(String.raw`(?:remote_password|bridge_psk|password)${BLANK}`),
  ],
  [
    'mail-relay-password',
    'Mail relay password',
    'https://www.postfix.org/SASL_README.html#client_sasl_enable',
    { names: ['sasl_passwd', 'sasl_password', 'sasl-passwd', 'smtp_auth', 'relay_passwd', 'passwd.client'] },
    `${LINE}${String.raw`(?![^\r\n]{0,60}example\.(?:com|net|org))(?:[\w.*@[\]:-]{2,120}[\t ]{1,20}|[\w.*-]{1,100}:)[^\s:]{1,100}:(?<secret>[^\r\n]{1,128})(?![^\r\n])`}`,
  ],
  [
    'dovecot-directory-password',
    'Directory password in Dovecot configuration',
    'https://doc.dovecot.org/2.3/configuration_manual/authentication/ldap/',
    { names: ['dovecot-ldap.conf', 'dovecot-ldap.conf.ext'] },
    line(`dnpass${IS}`),
  ],
  [
    'openldap-root-password',
    'OpenLDAP administrator password',
    'https://www.openldap.org/doc/admin26/slapdconfig.html',
    { names: ['slapd.conf'], extensions: ['ldif'] },
    line(String.raw`(?:rootpw${BLANK}|olcRootPW:[\t ]{1,4})`),
  ],
  [
    'apache-directory-password',
    'Directory password in Apache HTTP Server configuration',
    'https://httpd.apache.org/docs/2.4/mod/mod_authnz_ldap.html#authldapbindpassword',
    { extensions: ['conf'], names: ['.htaccess'] },
    line(`AuthLDAPBindPassword${BLANK}`, String.raw`(?!"?exec:)${VALUE}`),
    { needs: ['AuthLDAPBindPassword'] },
  ],
  [
    'mount-table-password',
    'Password in the mount table',
    'https://manpages.debian.org/stable/cifs-utils/mount.cifs.8.en.html',
    { names: ['fstab', 'auto.cifs', 'auto.smb', 'auto.master', 'auto.misc'] },
    String.raw`(?:^|[\t ,])(?:password|pass)=(?<secret>[^\s,]{1,128})`,
  ],
  [
    'curl-configuration-password',
    'Password in curl configuration',
    'https://curl.se/docs/manpage.html#-K',
    { names: ['.curlrc', '_curlrc'] },
    line(
      String.raw`-{0,2}(?:user|proxy-user|u|U)[\t ]{0,8}[=: ][\t ]{0,8}"?[^\s":]{1,80}:`,
      String.raw`(?<secret>[^\s"]{1,128})`,
    ),
  ],
  [
    'wget-configuration-password',
    'Password in Wget configuration',
    'https://www.gnu.org/software/wget/manual/html_node/Wgetrc-Commands.html',
    { names: ['.wgetrc', 'wgetrc'] },
    line(`(?:(?:http|ftp|proxy)_?)?(?:password|passwd)${IS}`),
  ],
  [
    'package-repository-password',
    'Package repository password',
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
    'rsync user password',
    'https://download.samba.org/pub/rsync/rsyncd.conf.5',
    { names: ['rsyncd.secrets', 'rsync.secrets'] },
    `${LINE}${String.raw`[^\s#:]{1,64}:(?<secret>[^\r\n]{1,128})(?![^\r\n])`}`,
  ],
  [
    'davfs-password',
    'WebDAV share password',
    'https://manpages.debian.org/stable/davfs2/davfs2.conf.5.en.html',
    { names: ['secrets'], path: /davfs2\/secrets$/ },
    `${LINE}${String.raw`[^\s#]{1,200}`}${BLANK}${WORD}${BLANK}${VALUE}`,
  ],
]);

/** Shared secrets of the configuration that FreeRADIUS comes with. */
function radiusSecret(...[secret, context]: Parameters<Rule['validate']>): ReturnType<Rule['validate']> {
  return /^(?:testing123(?:-\d)?|(?:other\d?-){1,2}secret|secret|radius)$/.test(secret)
    ? sample('well-known default')
    : storedPassword(secret, context);
}
