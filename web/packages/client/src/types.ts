// Short names for what the contract calls components/schemas/….
import type { components } from './openapi'

type Schemas = components['schemas']

export type Action = Schemas['Action']
export type ActionBody = Schemas['ActionBody']
export type ActionState = Schemas['ActionState']
export type AlertEntry = Schemas['AlertEntry']
export type BodyRef = Schemas['BodyRef']
export type Channel = Schemas['Channel']
export type DeadlineKind = Schemas['DeadlineKind']
export type Device = Schemas['Device']
export type ErrorCatalogue = Schemas['ErrorCatalogue']
export type EventType = Schemas['EventType']
export type EvidenceEntry = Schemas['EvidenceEntry']
export type EvidencePhase = Schemas['EvidencePhase']
export type Health = Schemas['Health']
export type IncidentDetail = Schemas['IncidentDetail']
export type IncidentState = Schemas['IncidentState']
export type IncidentSummary = Schemas['IncidentSummary']
export type LadderLevel = Schemas['LadderLevel']
export type LiveMessage = Schemas['LiveMessage']
export type MergeTarget = Schemas['MergeTarget']
export type Names = Schemas['Names']
export type NewAccount = Schemas['NewAccount']
export type PlaceLevel = Schemas['PlaceLevel']
export type PlaceUse = Schemas['PlaceUse']
export type Policy = Schemas['Policy']
export type PolicyPlace = Schemas['PolicyPlace']
export type QuarantineRow = Schemas['QuarantineRow']
export type Report = Schemas['Report']
export type Role = Schemas['Role']
export type Session = Schemas['Session']
export type Severity = Schemas['Severity']
export type SignalKind = Schemas['SignalKind']
export type TimelineEntry = Schemas['TimelineEntry']
export type ToldEntry = Schemas['ToldEntry']

// Free text is at most so long; the contract says it in words.
export const isTooLong = (text: string) => new TextEncoder().encode(text).length > 4_000

// Gravest first.
export const severities: readonly Severity[] = ['red', 'orange', 'yellow', 'blue']
// In the order of the incident's life.
export const liveStates: readonly IncidentState[] = ['open', 'acknowledged', 'en_route', 'on_scene', 'resolved']
export const endedStates: readonly IncidentState[] = ['closed', 'false_alarm', 'merged']
