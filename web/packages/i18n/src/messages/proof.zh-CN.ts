// 证明一条记录：账本、见证方、核验。
export default {
  verify: {
    title: '核验记录', intro: '不用登录，不用联网。文件只在这台设备上读取，不会发到别处。', give: '要核验的文件', drop: '把文件拖到这里',
    drop_hint: '回执、导出的账本文件夹、见证方保存的检查点、公钥文件、二维码的照片，可以一起放。', pick_files: '选择文件', pick_folder: '选择文件夹', paste: '粘贴文字',
    paste_label: '回执、二维码里的文字，或公钥', paste_add: '加入', pasted: '粘贴的文字 {n}', given: '已放入', files: '{n} 个文件', remove: '移除 {name}', remove_one: '移除', clear: '全部清除',
    no_code: '照片里没有找到二维码。请拍得更近、更平整，或粘贴文字。', working: '正在核验 {percent}%',
    verdict: { holds: '全部成立', findings: '有 {n} 处不对', unchecked: '还不能下结论' },
    verdict_why: {
      holds: '放入的每一份都和签名一致。证明到什么程度，见下面各项。', findings: '下面写明是哪一处。请把这些文件原样保存，它们就是证据。', unchecked: '有的文件没能核验，原因见下面。补齐后会自动重新核验。',
    },
    findings: '不对的地方', unread: '没能核验', more: '另有 {n} 处没有列出', keys: '用到的公钥', keys_none: '还没有公钥，什么都证明不了。请放入建立账本时当面交接的公钥文件。',
    keys_folder: '公钥取自账本文件夹本身：做这个文件夹的人也能造出公钥。请放入当面交接的公钥，再核验一次。', key_log: '账本：', key_witness: '见证方：',
    no_witness_keys: '没有见证方的公钥。时间只有账本自己的说法。', zone: '所有时间都是北京时间。', save: '存下这一页', save_why: '存到优盘后，断网、没有服务器也能核验。',
  },
  ledger: {
    title: '存证账本', intro: '每一次操作、每一批信号都写进账本，签名后由别处的见证方联署。改一个字、删一行都会被发现。', state: '账本现状', size: '签过名的位数', signed: '最近签名', not_signed: '还没有签过名', hash: '校验算法', signatures: '签名算法',
    name: '账本名称', root: '根校验值', witnesses: '见证方', witness_list: '见证方列表', reaches: '联署到第 {size} 位', behind: '还差 {n} 位', all: '联署到最新', never: '从未联署', last: '最近联署',
    fine: '正常', silent: '很久没有联署', reported: '报告看到了另一份历史',
    silent_why: '请联系见证方，查看那台机器和线路。', reported_why: '保存好这台服务器和见证方的文件，这是街道和警方要处理的事。',
    none_title: '还没有见证方', none: '没有见证方，掌管服务器的人可以连同钥匙改写全部历史。请街道、警方、居民代表各在自己的机器上运行见证程序。',
    keys: '公钥', keys_why: '请在账本建立时当面交给审计、街道和居民代表。核验时以手里的公钥为准，不以这一页为准。', copy_keys: '复制公钥', save_keys: '存下公钥', find: '查找记录', failed_copy: '没能复制，请用存下公钥。',
    fault: {
      smaller: '现有的记录比签过名的少：恢复了旧备份，或最新的记录被删除。在正确的数据库回来之前，不再签名。', other: '这个数据库和签过名的对不上：以前的记录被改过，或换了数据库。请原样保存，不再签名。',
      split: '有见证方看到了另一份历史。请保存好两边的文件，交给街道和警方。', clock: '系统时钟早于上一次签名：时钟被往回拨过。校准后会自动恢复。', unsigned: '现在无法签名：钥匙所在的文件夹写不进去。请管理员查看日志。',
    },
    fault_title: '账本出了问题',
  },
  prove: {
    title: '证明一条记录', prove: '证明', prove_act: '证明第 {act} 号记录', incident: '证明这些记录', did: '我在事件 {id} 中的操作', did_intro: '您在这个事件里做过的每一步，都可以拿到证明。',
    checked_here: '证明是这个浏览器刚刚算出来的，不是服务器说的；公钥取自这台服务器。要完全不依赖它，请用手里的公钥核验。', verify: '用手里的公钥核验', receipt: '回执', receipt_why: '留好这份文件：没有服务器也能证明这条记录。', save: '下载回执', copy: '复制二维码文字', code: '第 {act} 号记录的二维码',
    code_why: '二维码里是同一份回执，可以打印在纸上。', no_code: '这条记录太长，放不进二维码。请下载回执。', waiting: '账本正在签名，稍等片刻', again: '重新取回执', again_why: '见证方联署后，重新取的回执会写明见证时间。', back: '返回记录', unreadable: '服务器给的回执读不出来，不能算证明。',
  },
  proof: {
    stands: '第 {act} 号记录是真的', fails: '第 {act} 号记录没有证明成立', since: '最迟从这时起就在账本里，没有改过', since_why: '见证方的时间，不是账本自己的', says: '记录内容', claims: '文件里写的内容（没有证明）',
    erased: '内容已按要求删除。能证明的是：这里曾有一条记录。',
    fields: { at: '时间', kind: '做了什么', subject: '对象', actor: '人员', role: '身份', purpose: '用途', count: '数量', detail: '账本原文' },
    proven_title: '已经证明', not_title: '没有证明',
    proven: {
      included: '这些内容一字未改，在账本第 {leaf} 位（共 {size} 位）', place: '账本第 {leaf} 位（共 {size} 位）有这条记录', signed: '账本 {log} 签过名（{algorithms}），它自己说是 {time}',
      witnessed: '见证方 {name} 在 {time} 联署：那时它已经在账本里',
    },
    not: {
      not_included: '内容和账本对不上：回执或里面的记录被改过，或属于另一个账本', wrong_signature: '有一个签名是错的：签名之后被改过', not_signed: '给出的公钥都没有签过它。请放入账本的公钥',
      no_witness: '没有见证方联署：时间只有账本自己的说法', witness_unknown: '有 {names} 的签名，但没有给出这把公钥，没有核对', erased: '当时写了什么',
      later: '此后账本的其余部分有没有被改：要用导出的账本和见证方保存的检查点核验',
    },
    row_act: '第 {act} 号记录', row_batch: '从第 {batch} 号起的一批信号', written_after: '（写于 {time} 之后）', at: '位置：',
    finding: {
      changed: '{row}（账本第 {leaf} 位）写下之后被改过', deleted: '账本第 {leaf} 位空着：一条记录或一批信号被删除了', doubled: '{row}自称在第 {leaf} 位，那里已有别的内容',
      written_later: '{row}写的时间是 {at}，但 {time} 签名时还没有它：是后来补写的', smaller: '只有 {size} 位，而签过名的有 {larger} 位：最新的 {missing} 位被删除，或恢复了旧备份（见 {other}）',
      not_beginning: '{other} 里签过名的 {size} 位不是它的开头：中间被改过、插入或抽掉过', split: '{other} 是同样 {size} 位的另一个账本，都签了名：给不同的人看了不同的历史。两份都要保存',
      clock: '比 {other} 位数更多，签名时间却更早（{time}，前者是 {before}）：账本的时钟被往回拨过', log_clock: '账本说在 {time} 签名，而 {name} 在 {other} 就联署了：账本的时钟不对',
      tile: '这个文件和它下面的对不上', signature: '{size} 位的检查点上有一个签名是错的：签名之后被改过', unsigned: '{size} 位的检查点没有给出的账本公钥的签名', not_included: '第 {act} 号记录不在账本第 {leaf} 位：回执或里面的记录被改过',
      act_later: '第 {act} 号记录的时间比 {time} 的签名还晚', emptied: '第 {act} 号等 {n} 条记录被清空，却没有相应的注销记录：有人擅自清空了内容', erasure: '第 {act} 号注销记录说清空了哪些记录，与现在被清空的 {n} 条不符：有人多清空了，或又填了回去',
    },
    unread: {
      unknown: '认不出这是什么文件', too_large: '文件太大', missing_tile: '缺少文件或长度不对，请重新导出账本', row: '有一行读不出来', no_keys: '没有账本的公钥',
      'bad-receipt': '回执不完整或读不出来', 'bad-note': '签名部分读不出来', 'bad-checkpoint': '检查点读不出来', 'bad-key': '公钥读不出来，请重新抄录', 'bad-row': '有一行读不出来',
    },
    ledger_holds: '这份账本没有被改过', ledger_fails: '这份账本被改过', ledger_open: '这份账本没有核验完', leaves: '签过名的位数', rows: '核对过的行', erased_rows: '其中已删除内容', checkpoints: '对上的检查点',
    log_signed: '账本最近签名', witness_signed: '联署：', ledger_alone: '没有见证方联署最新的检查点：时间只有账本自己的说法。', newer: '另有 {n} 行比检查点新，还没有签名。', loose_checkpoints: '单独的检查点',
    loose_checkpoint: '{size} 位，签名于 {time}，签名正确',
  },
}
