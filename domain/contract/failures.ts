/**
 * Every way a device session can fail, by name, with what a person does about it. The codes are part of the API.
 * `sent`: could a byte of a change have reached the device when this is thrown outside the journal? Always "no":
 * once a window is committed, the journal says what is known.
 */
export const FAILURES = {
  dns_failed: "The host name does not resolve. Correct the device's host, or the DNS server's answer.",
  connection_refused:
    "Nothing listens on that address and port. Check the port, and that SSH is enabled on the device.",
  host_unreachable: "No route to that address. Check the address, the link and the routes in between.",
  connect_timeout:
    "The address did not answer in time. Check firewalls in between, or raise the device's connect timeout.",
  handshake_failed:
    "The device broke off while the SSH session was set up. Check that SSH listens on this port, and the device's own log.",
  session_refused:
    "The device closed the connection before it said a word. It is out of VTY lines, still starting, or refuses this address; the next try waits by itself.",
  no_common_algorithm:
    "The device offers only algorithms that are off by default. Update it, or turn the named weak algorithm on for this device.",
  vty_lines_exhausted:
    "All of the device's VTY lines are in use. End idle sessions on it; the next try waits by itself.",
  host_key_unknown:
    "Nobody has accepted this device's host key yet. Compare the fingerprint with the device, then accept it.",
  host_key_changed:
    "The device shows another host key than the one accepted. No credential was sent. If the device was replaced, accept the new key; if not, find out who answers.",
  auth_failed: "The device refused the credential. It was sent once. Correct the credential, then test the device.",
  auth_timeout:
    "The device did not decide about the login in time; its AAA server may be away. The credential was sent at most once.",
  auth_unanswered:
    "The device hung up when it had the credential, and did not say what it thinks of it. It was sent once. Look for the login in the device's log or on its AAA server.",
  auth_method_unavailable:
    "The device takes the login in no way that this credential has. Nothing was sent. Give the credential a password or a key, whichever the device asks for.",
  login_method_changed:
    "The device takes its login by another method than the last time; the password was sent once and not judged. The next try asks first.",
  credential_paused:
    "This credential was refused twice within 10 minutes and is paused, so that it is not locked out. Correct it to resume.",
  credential_missing:
    "A user name, a password or the enable password that the device asks for is missing. Give the device a credential that has it.",
  key_passphrase: "The private key cannot be opened with this passphrase.",
  enable_failed:
    "The device does not give the rights it takes to read its config. An enable password is sent at most once. Correct it, or the account's rights, then test the device.",
  login_dialog_unknown:
    "The device asks something at login that this platform does not know. Log in by hand once and see what it asks.",
  prompt_not_found: "No prompt was recognised after login. Check the device's type.",
  wrong_platform: "The device's prompt or answers do not fit its type. Correct the device's type.",
  wrong_device:
    "Another device answers on that address: its host name or serial number is not the one of the last test. Nothing was sent. If the device was replaced, test it; if not, correct its address.",
  timeout_idle: "The device said nothing for too long in the middle of an answer.",
  timeout_total: "The answer took longer than the time allowed for one command.",
  connection_lost: "The connection broke or went silent.",
  output_limit: "The device sent more output than one command may have; it was stopped and the session closed.",
  unexpected_question: "The device asked a question that nobody answered beforehand. Nothing was answered.",
  echo_mismatch: "The device echoed another line than the one sent. Nothing more was sent.",
  line_rejected: "The device refused a line. Correct the line, then plan again.",
  config_incomplete:
    "What the device answered is no whole configuration: it was cut short, or is something else. Nothing was stored; read it again.",
  text_undecodable:
    "A line that would have to be put back holds bytes that are no UTF-8, and could not be sent as it was. Nothing was sent. Correct that text on the device first, then plan again.",
  command_not_a_read: "This command is not in the platform's list of reads. Make it a change line.",
  device_locked: "Somebody else holds the device's configuration lock.",
  device_busy: "Another run holds this device. Its turn comes when that run ends.",
  dirty_candidate: "The device holds uncommitted changes of somebody else. Commit or discard them on the device first.",
  reload_not_happened:
    "The device answers, and has not restarted. Look at why on the device; nothing was sent to it since.",
  reload_timeout: "The device did not come back in the time that was given. Look at its console.",
  version_unexpected:
    "The device came back with another software version than the one expected. Nothing was sent to it since; check its boot variables.",
  commit_failed: "The device refused the commit. Nothing of this change is active on it.",
  rolled_back_by_device: "The device went back by itself, because the commit was not confirmed in time.",
  epoch_lost: "Another worker has taken over this device; this one stopped before its next line.",
  stopped: "A person paused or cancelled the run; it stopped before the next line.",
  rollback_incomplete:
    "The device took the rollback lines, but its config is not as it was before. Compare it, and mend by hand what is named.",
  save_failed: "The device did not save its configuration.",
  device_disabled: "The device is disabled. Enable it first, or leave it out.",
  journal_tampered:
    "A row of the journal is not as this service wrote it, so it proves nothing about the device. Nothing was sent. Find out who writes to the database, and compare the device by hand.",
  journal_unavailable: "The journal could not be written, so nothing was sent.",
} as const;

export type FailureCode = keyof typeof FAILURES;
