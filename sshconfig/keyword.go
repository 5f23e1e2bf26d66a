package sshconfig

// kind is the syntax of a keyword's arguments.
type kind int

const (
	// unknownKind is the kind of keywords that are not in the table.
	unknownKind kind = iota
	// text is one argument.
	text
	// words are one argument or more.
	words
	// gathered is one argument. The values of all lines add up.
	gathered
	// flag is yes or no.
	flag
	number
	port
	duration
	// strict is a value of StrictHostKeyChecking.
	strict
	// choice is one word of those in choices.
	choice
	// assignments are arguments of the form NAME=VALUE.
	assignments
	// command is the rest of the line, unchanged.
	command
	// jump is the rest of the line, a list of hosts.
	jump
	hostBlock
	matchBlock
	include
	ignoreUnknown
	// other is at least one argument, which is not checked further.
	other
	// obsolete is accepted and has no effect in OpenSSH either.
	obsolete
)

// keywords are those of OpenSSH 10 and of the GSSAPI patch in Debian's and Fedora's ssh, in lower case. Keywords that
// other distributions add are left to their own ssh.
var keywords = map[string]kind{
	"host": hostBlock, "match": matchBlock, "include": include, "ignoreunknown": ignoreUnknown,

	"hostname": text, "user": text, "port": port, "hostkeyalias": text, "tag": text,
	"identityfile": gathered, "certificatefile": gathered, "identitiesonly": flag, "identityagent": text,
	"userknownhostsfile": words, "globalknownhostsfile": words, "stricthostkeychecking": strict,
	"connecttimeout": duration, "serveraliveinterval": duration, "serveralivecountmax": number,
	"setenv": assignments, "sendenv": words, "proxycommand": command, "proxyjump": jump,
	"hostkeyalgorithms": text, "ciphers": text, "macs": text, "kexalgorithms": text,
	"pubkeyacceptedalgorithms": text, "casignaturealgorithms": text, "revokedhostkeys": text,
	"canonicalizehostname": text,

	"addkeystoagent": other, "addressfamily": choice, "batchmode": flag, "bindaddress": text, "bindinterface": text,
	"canonicaldomains": words, "canonicalizefallbacklocal": flag, "canonicalizemaxdots": number,
	"canonicalizepermittedcnames": words, "channeltimeout": words, "checkhostip": flag, "clearallforwardings": flag,
	"compression": flag, "connectionattempts": number, "controlmaster": text, "controlpath": text,
	"controlpersist": text, "dynamicforward": other, "enableescapecommandline": flag, "enablesshkeysign": flag,
	"escapechar": text, "exitonforwardfailure": flag, "fingerprinthash": text, "forkafterauthentication": flag,
	"forwardagent": text, "forwardx11": flag, "forwardx11timeout": text, "forwardx11trusted": flag,
	"gatewayports": flag, "gssapiauthentication": flag, "gssapidelegatecredentials": flag, "hashknownhosts": flag,
	"gssapikeyexchange": flag, "gssapiclientidentity": text, "gssapiserveridentity": text, "gssapitrustdns": flag,
	"gssapirenewalforcesrekey": flag, "gssapikexalgorithms": text,
	"hostbasedacceptedalgorithms": text, "hostbasedauthentication": flag, "ipqos": words,
	"kbdinteractiveauthentication": flag, "kbdinteractivedevices": text, "knownhostscommand": command,
	"localcommand": command, "localforward": other, "loglevel": text, "logverbose": words,
	"nohostauthenticationforlocalhost": flag, "numberofpasswordprompts": number, "obscurekeystroketiming": other,
	"passwordauthentication": flag, "permitlocalcommand": flag, "permitremoteopen": words, "pkcs11provider": text,
	"preferredauthentications": text, "proxyusefdpass": flag, "pubkeyauthentication": choice, "refuseconnection": text,
	"rekeylimit": other, "remotecommand": command, "remoteforward": other, "requesttty": text,
	"requiredrsasize": number, "securitykeyprovider": text, "sessiontype": text, "stdinnull": flag,
	"streamlocalbindmask": text, "streamlocalbindunlink": flag, "syslogfacility": text, "tcpkeepalive": flag,
	"tunnel": text, "tunneldevice": text, "updatehostkeys": text, "verifyhostkeydns": text, "versionaddendum": other,
	"visualhostkey": flag, "warnweakcrypto": text, "xauthlocation": text,

	"protocol": obsolete, "cipher": obsolete, "fallbacktorsh": obsolete, "globalknownhostsfile2": obsolete,
	"rhostsauthentication": obsolete, "userknownhostsfile2": obsolete, "useroaming": obsolete, "usersh": obsolete,
	"useprivilegedport": obsolete, "afstokenpassing": obsolete, "kerberosauthentication": obsolete,
	"kerberostgtpassing": obsolete, "rsaauthentication": obsolete, "rhostsrsaauthentication": obsolete,
	"compressionlevel": obsolete,
}

// aliases are other names that OpenSSH still accepts.
var aliases = map[string]string{
	"challengeresponseauthentication": "kbdinteractiveauthentication",
	"skeyauthentication":              "kbdinteractiveauthentication",
	"tisauthentication":               "kbdinteractiveauthentication",
	"dsaauthentication":               "pubkeyauthentication",
	"hostbasedkeytypes":               "hostbasedacceptedalgorithms",
	"identityfile2":                   "identityfile",
	"keepalive":                       "tcpkeepalive",
	"pubkeyacceptedkeytypes":          "pubkeyacceptedalgorithms",
	"smartcarddevice":                 "pkcs11provider",
}
