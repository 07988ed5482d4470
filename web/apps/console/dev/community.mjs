// A made-up community for working on the pages.
const both = (zh, en) => ({ zh, en })

export function makeCommunity() {
  const places = [
    { code: 'd-xicheng', name: both('西城区', 'Xicheng district'), level: 'district', use: 'public_area' },
    { code: 's-guanghua', name: both('光华街道', 'Guanghua street'), level: 'street', use: 'public_area', parent: 'd-xicheng' },
    { code: 'guanghua', name: both('光华社区', 'Guanghua community'), level: 'community', use: 'public_area', parent: 's-guanghua' },
  ]
  const add = (code, zh, en, level, use, parent) => places.push({ code, name: both(zh, en), level, use, parent })
  const estates = [['e-old', '光华里', 'Guanghuali', 6], ['e-new', '锦绣园', 'Jinxiu garden', 4], ['e-mix', '和平苑', 'Heping court', 3]]
  for (const [code, zh, en, buildings] of estates) {
    add(code, zh, en, 'estate', 'public_area', 'guanghua')
    add(`${code}-gate`, '南门', 'South gate', 'point', 'gate', code)
    add(`${code}-lane`, '消防通道', 'Fire lane', 'point', 'fire_lane', code)
    add(`${code}-shed`, '充电棚', 'Charging shed', 'point', 'charging', code)
    for (let b = 1; b <= buildings; b++) {
      const building = `${code}-b${b}`
      add(building, `${b}号楼`, `Building ${b}`, 'building', 'public_area', code)
      for (let u = 1; u <= 2; u++) {
        const unit = `${building}-u${u}`
        add(unit, `${u}单元`, `Unit ${u}`, 'unit', 'stairwell', building)
        add(`${unit}-lift`, '电梯', 'Lift', 'point', 'lift', unit)
        for (let f = 1; f <= 5; f++) {
          const floor = `${unit}-f${f}`
          add(floor, `${f}层`, `Floor ${f}`, 'floor', 'stairwell', unit)
          for (let h = 1; h <= 3; h++) add(`${unit}-${f}0${h}`, `${f}0${h}`, `${f}0${h}`, 'home', 'home', floor)
        }
      }
    }
  }
  const body = (code, role, zh, en) => ({ code, role, name: both(zh, en), places: ['guanghua'], grids: [] })
  const bodies = [
    body('pm-old', 'property_manager', '光华里物业服务中心', 'Guanghuali property office'),
    body('pm-new', 'property_manager', '锦绣园物业', 'Jinxiu property office'),
    body('committee', 'committee', '光华社区居委会', 'Guanghua committee'),
    body('police', 'community_police', '光华社区警务室', 'Guanghua police post'),
    body('fire', 'fire_station', '光华微型消防站', 'Guanghua fire post'),
    body('gw-1', 'grid_worker', '第一网格', 'Grid one'),
    body('doctor', 'community_doctor', '光华社区卫生站', 'Guanghua clinic'),
    body('lift', 'lift_maintainer', '安达电梯维保', 'Anda lift service'),
    body('street', 'street_office', '光华街道办事处', 'Guanghua street office'),
    body('district', 'district_office', '西城区平安办', 'Xicheng safety office'),
  ]
  const kinds = [
    ['fire', '火情', 'Fire'], ['gas_leak', '燃气泄漏', 'Gas leak'], ['person_down', '有人跌倒', 'Person down'], ['sos', '一键求助', 'Call for help'],
    ['fight', '打架斗殴', 'Fight'], ['falling_object', '高空抛物', 'Falling object'], ['ebike_charging', '电动车充电异常', 'E-bike charging fault'],
    ['lift_trapped', '电梯困人', 'Trapped in the lift'], ['blocked_fire_lane', '消防通道堵塞', 'Blocked fire lane'], ['no_activity', '独居老人无活动', 'Elder without activity'],
    ['flooding', '积水', 'Flooding'], ['gathering', '人群聚集', 'Gathering'], ['noise', '噪声纠纷', 'Noise quarrel'], ['parking_quarrel', '停车纠纷', 'Parking quarrel'],
    ['left_child', '儿童走失', 'Missing child'],
  ].map(([code, zh, en]) => ({ code, name: both(zh, en) }))
  return {
    version: 1, digest: 'a'.repeat(64), community: { code: 'guanghua', name: both('光华社区', 'Guanghua community') }, time_zone: 'Asia/Shanghai',
    incident_kinds: kinds, places, grids: [], bodies, rules: [{ code: 'smoke-alarm', name: both('烟感报警', 'Smoke alarm') }],
    ladder: [{ level: 'community', role: 'committee' }, { level: 'street', role: 'street_office' }, { level: 'district', role: 'district_office' }],
  }
}

export function pathOf(policy, code) {
  const path = []
  for (let p = policy.places.find((x) => x.code === code); p; p = policy.places.find((x) => x.code === p.parent)) {
    path.unshift({ code: p.code, level: p.level, use: p.use, name: p.name })
  }
  return path
}
