// The closed word lists of the field, as people say them. Keys are the code words of the API.
export default {
  severity: { red: '极高', orange: '高', yellow: '中', blue: '低' },
  state: {
    open: '待接单', acknowledged: '已接单', en_route: '前往中', on_scene: '处置中', resolved: '待核验',
    closed: '已办结', false_alarm: '误报', merged: '已并入',
  },
  level: { community: '社区', street: '街道', district: '区' },
  climbed: { community: '社区处理', street: '已上报街道', district: '已上报区' },
  role: {
    property_manager: '物业', committee: '居委会', community_police: '社区民警', grid_worker: '网格员', duty_officer: '值班员',
    technical_team: '技防队', mediation_team: '调解队', patrol_team: '巡逻队', fire_station: '微型消防站', community_doctor: '社区医生',
    street_office: '街道', district_office: '区', lift_maintainer: '电梯维保', owners_committee: '业委会', verifier: '核验员',
    administrator: '管理员', resident: '居民',
  },
  channel: { screen: '页面', push: '推送', sms: '短信', voice: '电话', robot: '群机器人' },
  signal: {
    door_access: '门禁', door_contact: '门磁', smoke: '烟感', falling_object: '高空抛物监测', camera_fight: '打架识别摄像机',
    camera_fall: '跌倒识别摄像机', resident_camera: '居民共享摄像机', ebike_overload: '充电桩过载', ebike_power_cut: '充电桩断电',
    one_key: '一键呼叫', elder_bracelet: '老人手环', child_bracelet: '儿童手环', water_level: '水位计', gas: '燃气报警器',
    gathering: '人群聚集监测', motion: '人体感应', platform: '平台自身', link: '网关连接',
  },
  place_level: {
    district: '区', street: '街道', community: '社区', estate: '小区', building: '楼栋', unit: '单元', floor: '楼层', home: '住户',
    room: '房间', point: '点位',
  },
  place_number: { building: '{n}号楼', unit: '{n}单元', floor: '{n}层', other: '{n}' },
  place_use: {
    home: '住户', stairwell: '楼道', lift: '电梯', parking: '停车位', fire_lane: '消防通道', charging: '充电棚', gate: '出入口',
    public_area: '公共区域', facility: '设备房',
  },
  deadline: { acknowledge: '接单时限', arrive: '到场时限', close: '办结时限', reporter: '回访时限' },
  action: {
    report: '上报', acknowledge: '接单', depart: '出发', arrive: '到场', resolve: '处置完成', verify: '核验通过', reject: '核验不通过',
    mark_false_alarm: '判为误报', transfer: '移交', merge: '并入', reopen: '重新打开', escalate: '上报上级', set_severity: '调整等级',
    add_note: '备注', add_evidence: '上传照片', reporter_satisfied: '报事人满意', reporter_unsatisfied: '报事人不满意', seen: '已阅',
  },
  event: {
    opened: '事件产生，由{body}牵头', opened_by: '{actor} 上报，由{body}牵头', alert_joined: '又一条预警并入', alert_cleared: '预警解除',
    alert_joined_many: '又有 {count} 条预警并入', alert_cleared_many: '{count} 条预警解除',
    acknowledged: '{actor} 接单', acknowledgement_expired: '接单后无进展，退回待接单', departed: '{actor} 出发', arrived: '{actor} 到场',
    resolved: '{actor} 处置完成', verified: '{actor} 核验通过', rejected: '{actor} 核验不通过，退回处置', closed: '办结',
    false_alarm: '{actor} 判为误报', transferred: '{actor} 移交给{body}', merged: '{actor} 将本事件并入另一事件', absorbed: '另一事件并入本事件',
    reopened: '重新打开', reopened_by: '{actor} 重新打开', escalated: '上报至{level}，由{body}督办', escalated_plain: '上报至{level}',
    deadline_missed: '超过{deadline}', severity_changed: '{actor} 把等级调整为{severity}', note: '{actor} 备注',
    evidence_added: '{actor} 上传了{phase}照片', evidence_added_plain: '{actor} 上传了照片', reporter_satisfied: '报事人表示满意',
    reporter_unsatisfied: '报事人表示不满意', told: '已通知{body}', told_many: '已通知 {count} 人：{bodies}', seen: '{actor} 已阅',
  },
  phase: { before: '处置前', after: '处置后' },
  standing: { proven: '拍摄时间可信', unproven: '无拍摄时间' },
  door: { http: 'HTTP 接口', mqtt: 'MQTT 接口', unknown: '其他接口' },
  system: '系统',
}
