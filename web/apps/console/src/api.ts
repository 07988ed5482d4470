// The one way to the server that all stores and pages share.
import { Api } from '@shoumen/client'

export const api = new Api()
