// Proof of one record: the ledger, its witnesses, checking.
export default {
  verify: {
    title: 'Check a record', intro: 'No sign-in, no network. Files are read on this device alone and sent nowhere.', give: 'Files to check', drop: 'Drop files here',
    drop_hint: 'Receipts, the folder of an exported ledger, checkpoints that witnesses kept, files of public keys, a picture of the QR code: all at once if you like.', pick_files: 'Choose files', pick_folder: 'Choose a folder', paste: 'Paste text',
    paste_label: 'A receipt, the text of the QR code, or public keys', paste_add: 'Add', pasted: 'Pasted text {n}', given: 'Handed in', files: '{n} files', remove: 'Remove {name}', remove_one: 'Remove', clear: 'Clear all',
    no_code: 'no QR code was found in the picture. Take it closer and flatter, or paste the text.', working: 'Checking {percent}%',
    verdict: { holds: 'All of it holds', findings: '{n} things are wrong', unchecked: 'No verdict yet' },
    verdict_why: {
      holds: 'Everything agrees with its signatures. How far each proof reaches is said below.', findings: 'What is wrong, and where, is said below. Keep these files as they are: they are the evidence.', unchecked: 'Some of it could not be checked; why is said below. Add what is missing and it is checked again.',
    },
    findings: 'What is wrong', unread: 'Could not be checked', more: '{n} more are not listed', keys: 'Public keys used', keys_none: 'Without a public key nothing can be proven. Add the file of public keys that was handed over in person when the ledger began.',
    keys_folder: 'The keys were taken from the ledger’s own folder: whoever made it could have made them too. Add the keys that were handed over in person and check again.', key_log: 'Ledger: ', key_witness: 'Witness: ',
    no_witness_keys: 'No witness’ key was given: for the time there is the ledger’s own word alone.', zone: 'All times are Beijing time.', save: 'Save this page', save_why: 'On a USB stick it works without network and server.',
  },
  ledger: {
    title: 'Ledger', intro: 'Each act and each batch of signals is written into the ledger, signed, and co-signed by witnesses elsewhere. A letter changed or a row deleted is noticed.', state: 'How it stands', size: 'Leaves signed', signed: 'Last signed', not_signed: 'Never signed yet', hash: 'Hash', signatures: 'Signatures',
    name: 'Name of the log', root: 'Root', witnesses: 'Witnesses', witness_list: 'List of witnesses', reaches: 'Co-signed {size} leaves', behind: '{n} behind', all: 'Up to the newest', never: 'Never co-signed', last: 'Last co-signed',
    fine: 'Well', silent: 'Not heard for long', reported: 'Reports another history',
    silent_why: 'Call whoever keeps it; look at that machine and its line.', reported_why: 'Keep this server’s and the witness’ files: this is a matter for the street and the police.',
    none_title: 'No witness yet', none: 'Without one, whoever keeps the server can rewrite all of history, keys in hand. Let the street, the police and the residents’ delegates each run the witness on a machine of their own.',
    keys: 'Public keys', keys_why: 'Hand them to the auditor, the street and the residents’ delegates in person when the ledger begins. To check, the keys in one’s hand count, not this page.', copy_keys: 'Copy the keys', save_keys: 'Save the keys', find: 'Find a record', failed_copy: 'It could not be copied; save the keys instead.',
    fault: {
      smaller: 'There are fewer records than were signed: an older backup was restored, or the newest were deleted. Nothing is signed until the right database is back.', other: 'This database is not the one that was signed: earlier records were changed, or it is another database. Keep it as it is; nothing is signed.',
      split: 'A witness was shown another history. Keep the files of both sides for the street and the police.', clock: 'The system’s clock lies before the last signature: it was set back. Once it is right this ends by itself.', unsigned: 'Nothing can be signed: the folder of the keys cannot be written. Let an administrator look at the log.',
    },
    fault_title: 'Something is wrong with the ledger',
  },
  prove: {
    title: 'Prove a record', prove: 'Prove', prove_act: 'Prove record {act}', incident: 'Prove these records', did: 'What I did in incident {id}', did_intro: 'For each step you took in this incident you can have a proof.',
    checked_here: 'This browser has just worked the proof out itself; the public keys are this server’s. To depend on it for nothing, check with the keys in your hand.', verify: 'Check with keys in hand', receipt: 'Receipt', receipt_why: 'Keep this file: it proves the record without the server.', save: 'Save the receipt', copy: 'Copy the code’s text', code: 'QR code of record {act}',
    code_why: 'The code holds the same receipt and can be printed.', no_code: 'The record is too long for a code. Save the receipt.', waiting: 'The ledger is being signed, one moment', again: 'Fetch it anew', again_why: 'Once a witness has co-signed, a receipt fetched anew says since when.', back: 'Back to the records', unreadable: 'The server’s receipt cannot be read: it proves nothing.',
  },
  proof: {
    stands: 'Record {act} is genuine', fails: 'Record {act} is not proven', since: 'In the ledger, unchanged, at the latest since', since_why: 'by a witness’ clock, not the ledger’s', says: 'What it says', claims: 'What the file says (not proven)',
    erased: 'Its content has been erased as the law asks. What is proven: a record stood here.',
    fields: { at: 'Time', kind: 'What was done', subject: 'About', actor: 'Who', role: 'As', purpose: 'Purpose', count: 'How many', detail: 'As in the ledger' },
    proven_title: 'Proven', not_title: 'Not proven',
    proven: {
      included: 'Not a letter was changed; it stands at leaf {leaf} of {size}', place: 'A record stands at leaf {leaf} of {size}', signed: 'The ledger {log} signed it ({algorithms}), at {time} by its own word',
      witnessed: 'The witness {name} co-signed at {time}: it was in the ledger by then',
    },
    not: {
      not_included: 'The content does not fit the ledger: the receipt, or the record in it, was changed, or is of another ledger', wrong_signature: 'A signature is wrong: something was changed after it was signed', not_signed: 'None of the keys given has signed it. Add the ledger’s public keys',
      no_witness: 'No witness has co-signed: for the time there is the ledger’s own word alone', witness_unknown: 'It bears signatures of {names}, whose keys were not given: not checked', erased: 'What was written then',
      later: 'Whether the rest of the ledger was changed since: check an exported ledger with the checkpoints witnesses kept',
    },
    row_act: 'Record {act}', row_batch: 'The batch of signals from {batch}', written_after: ' (written after {time})', at: 'at ',
    finding: {
      changed: '{row} (leaf {leaf}) was changed after it was written', deleted: 'Nothing stands for leaf {leaf}: a record or a batch of signals was deleted', doubled: '{row} says it is leaf {leaf}, which is another’s',
      written_later: '{row} says {at}, but the tree signed at {time} did not hold it: it was written later', smaller: 'It has {size} leaves, but {larger} were signed: the newest {missing} were deleted, or an older backup was restored (see {other})',
      not_beginning: 'The {size} leaves signed in {other} are not its beginning: something was changed, put in or taken out', split: '{other} is another tree of the same {size} leaves, both signed: two people were shown two histories. Keep both files',
      clock: 'It has more leaves than {other} and was signed earlier ({time}, the other at {before}): the ledger’s clock was set back', log_clock: 'The ledger says it signed at {time}, but {name} co-signed at {other} already: the ledger’s clock is wrong',
      tile: 'This file does not fit those below it', signature: 'A signature on the checkpoint of {size} leaves is wrong: it was changed after it was signed', unsigned: 'The checkpoint of {size} leaves bears no signature of the ledger’s keys that were given', not_included: 'Record {act} is not leaf {leaf}: the receipt, or the record in it, was changed',
      act_later: 'Record {act} is later than the signature of {time}', emptied: 'Record {act} and others, {n} in all, are emptied, and no act of erasing says so: somebody took their fields away', erasure: 'Record {act} says which records it has emptied, and the {n} that are do not fit: somebody emptied more, or put something back',
    },
    unread: {
      unknown: 'It is not clear what this file is', too_large: 'The file is too large', missing_tile: 'The file is missing or has the wrong length; export the ledger anew', row: 'A line cannot be read', no_keys: 'There is no public key of the ledger',
      'bad-receipt': 'The receipt is cut off or cannot be read', 'bad-note': 'The signatures cannot be read', 'bad-checkpoint': 'The checkpoint cannot be read', 'bad-key': 'The public key cannot be read; copy it anew', 'bad-row': 'A line cannot be read',
    },
    ledger_holds: 'This ledger was not changed', ledger_fails: 'This ledger was changed', ledger_open: 'This ledger was not checked to its end', leaves: 'Leaves signed', rows: 'Rows checked', erased_rows: 'Of those erased', checkpoints: 'Checkpoints that fit',
    log_signed: 'Last signed', witness_signed: 'Co-signed: ', ledger_alone: 'No witness has co-signed the newest checkpoint: for the time there is the ledger’s own word alone.', newer: '{n} rows are newer than the checkpoint and not signed yet.', loose_checkpoints: 'Checkpoints by themselves',
    loose_checkpoint: '{size} leaves, signed at {time}, rightly signed',
  },
}
