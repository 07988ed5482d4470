import type zh from './words.zh-CN'

const words: typeof zh = {
  severity: { red: 'Extreme', orange: 'High', yellow: 'Medium', blue: 'Low' },
  state: {
    open: 'Unclaimed', acknowledged: 'Acknowledged', en_route: 'On the way', on_scene: 'On scene', resolved: 'To be verified',
    closed: 'Closed', false_alarm: 'False alarm', merged: 'Merged',
  },
  level: { community: 'community', street: 'street', district: 'district' },
  climbed: { community: 'At community level', street: 'At street level', district: 'At district level' },
  role: {
    property_manager: 'Property manager', committee: 'Committee', community_police: 'Community police', grid_worker: 'Grid worker',
    duty_officer: 'Duty officer', technical_team: 'Technical team', mediation_team: 'Mediation team', patrol_team: 'Patrol team',
    fire_station: 'Fire station', community_doctor: 'Community doctor', street_office: 'Street office',
    district_office: 'District office', lift_maintainer: 'Lift maintainer', owners_committee: 'Owners’ committee',
    verifier: 'Verifier', administrator: 'Administrator', resident: 'Resident',
  },
  channel: { screen: 'on screen', push: 'push message', sms: 'text message', voice: 'phone call', robot: 'chat group' },
  signal: {
    door_access: 'Door access', door_contact: 'Door magnet', smoke: 'Smoke alarm', falling_object: 'Falling-object monitor',
    camera_fight: 'Fight camera', camera_fall: 'Fall camera', resident_camera: 'Resident’s shared camera',
    ebike_overload: 'E-bike charger, overload', ebike_power_cut: 'E-bike charger, power cut', one_key: 'One-key call',
    elder_bracelet: 'Elder’s bracelet', child_bracelet: 'Child’s bracelet', water_level: 'Water level', gas: 'Gas alarm',
    gathering: 'Gathering monitor', motion: 'Motion sensor', platform: 'The platform itself', link: 'Gateway link',
  },
  place_level: {
    district: 'District', street: 'Street', community: 'Community', estate: 'Estate', building: 'Building', unit: 'Unit',
    floor: 'Floor', home: 'Home', room: 'Room', point: 'Point',
  },
  place_number: { building: 'Building {n}', unit: 'Unit {n}', floor: 'Floor {n}', other: '{n}' },
  place_use: {
    home: 'Home', stairwell: 'Stairwell', lift: 'Lift', parking: 'Parking', fire_lane: 'Fire lane', charging: 'Charging shed',
    gate: 'Gate', public_area: 'Public area', facility: 'Plant room',
  },
  deadline: { acknowledge: 'To acknowledge', arrive: 'To arrive', close: 'To close', reporter: 'For the reporter’s answer' },
  action: {
    report: 'Report', acknowledge: 'Acknowledge', depart: 'Set out', arrive: 'Arrived', resolve: 'Resolved', verify: 'Verify',
    reject: 'Reject', mark_false_alarm: 'False alarm', transfer: 'Transfer', merge: 'Merge', reopen: 'Reopen', escalate: 'Escalate',
    set_severity: 'Change severity', add_note: 'Note', add_evidence: 'Add photo', reporter_satisfied: 'Reporter satisfied',
    reporter_unsatisfied: 'Reporter not satisfied', seen: 'Seen',
  },
  event: {
    opened: 'Opened, led by {body}', opened_by: 'Reported by {actor}, led by {body}', alert_joined: 'Another alert joined',
    alert_cleared: 'Alert cleared', alert_joined_many: '{count} more alerts joined', alert_cleared_many: '{count} alerts cleared', acknowledged: '{actor} acknowledged',
    acknowledgement_expired: 'Nothing after the acknowledgement: unclaimed again', departed: '{actor} set out',
    arrived: '{actor} arrived', resolved: '{actor} resolved it', verified: '{actor} verified it',
    rejected: '{actor} did not accept the result: back to work', closed: 'Closed', false_alarm: '{actor} found it a false alarm',
    transferred: '{actor} transferred it to {body}', merged: '{actor} merged it into another incident',
    absorbed: 'Another incident was merged into this one', reopened: 'Reopened', reopened_by: 'Reopened by {actor}',
    escalated: 'Raised to the {level}, supervised by {body}', escalated_plain: 'Raised to the {level}',
    deadline_missed: 'Deadline missed: {deadline}', severity_changed: '{actor} changed the severity to {severity}',
    note: 'Note by {actor}', evidence_added: '{actor} added a photo ({phase})', evidence_added_plain: '{actor} added a photo',
    reporter_satisfied: 'The reporter is satisfied', reporter_unsatisfied: 'The reporter is not satisfied', told: 'Told {body}',
    told_many: 'Told {count} people: {bodies}', seen: 'Seen by {actor}',
  },
  phase: { before: 'before', after: 'after' },
  standing: { proven: 'time of the photo proven', unproven: 'no time in the photo' },
  door: { http: 'HTTP', mqtt: 'MQTT', unknown: 'another door' },
  system: 'System',
}
export default words
