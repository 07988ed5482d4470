// This file was auto-generated from api/openapi.json by `npm run generate`. Do not edit.
export interface paths {
    "/api/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is it ready, and can it write? */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Does the program run? No answer: start it anew. */
        get: operations["getLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** May it be sent work? The same as /api/v1/health. */
        get: operations["getReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["getOpenapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/errors.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All error codes with their messages */
        get: operations["getErrors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures for Prometheus (administrator, or the token of --metrics-token-file) */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I? */
        get: operations["getSession"];
        put?: never;
        /** Sign in */
        post: operations["signIn"];
        /** Sign out */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/second-step": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The second step of signing in: a code of the authenticator, or a recovery code */
        post: operations["secondStep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My authenticator */
        get: operations["getSecondFactor"];
        /** The first code of my new authenticator; all my other sessions end */
        put: operations["confirmSecondFactor"];
        /** A new secret for my authenticator; counts from its first right code on */
        post: operations["beginSecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/second-factor/removal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take my authenticator off */
        post: operations["removeSecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take somebody's lost authenticator off; their sessions end */
        delete: operations["resetSecondFactor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which ways of signing in there are besides the password */
        get: operations["getWaysIn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A one-time code to a telephone, where an account has it */
        post: operations["sendCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/phone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in by a code that came to my telephone */
        post: operations["signInByCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/sign-on": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** What the browser brought back from single sign-on */
        put: operations["finishSignOn"];
        /** Begin single sign-on */
        post: operations["beginSignOn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/ways-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Other ways into an account */
        get: operations["getAccountWays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/phone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** The telephone that codes for an account go to */
        put: operations["setPhone"];
        post?: never;
        /** No codes for this account any more */
        delete: operations["removePhone"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/sign-on": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Link an account to a subject at the provider of single sign-on */
        put: operations["linkSignOn"];
        post?: never;
        /** No single sign-on for this account any more */
        delete: operations["unlinkSignOn"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change my password */
        put: operations["changePassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Incidents, newest first */
        get: operations["listIncidents"];
        put?: never;
        /** Report an incident by hand */
        post: operations["reportIncident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One incident */
        get: operations["getIncident"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/actions/{action}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Do something about an incident */
        post: operations["act"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add a picture */
        post: operations["addEvidence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/evidence/{sha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A picture */
        get: operations["getEvidence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask to see what is shown only when asked for
         * @description Names items of `held_back` with the purpose they are shown for. It is written down, and for a limited time the incident's detail shows them.
         */
        post: operations["showIncident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/acts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Acts that matter, newest first: who did what, who looked at whose data
         * @description Who may see all acts finds all; everybody else those on themselves (`subject` left out), and those they did (`actor` their own code).
         */
        get: operations["listActs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/acts/{id}/receipt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A receipt that proves the act, for a file and for a QR code
         * @description For acts one may see: one's own, those on oneself, or all. Checked without the server by shoumen-verify.
         */
        get: operations["getReceipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the ledger stands, and when each witness last co-signed */
        get: operations["getLedger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How long each kind of data is kept, and what the last daily sweep took */
        get: operations["getRetention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/cosignatures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A witness hands in its cosignature
         * @description A signed checkpoint of this log (C2SP tlog-checkpoint) with cosignatures (cosignature/v1) of witnesses listed here; the signature is the credential.
         */
        post: operations["postCosignature"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A witness reports that it was shown two histories
         * @description A note signed by a witness listed here.
         */
        post: operations["postWitnessReport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Payloads that could not become signals, newest first */
        get: operations["listQuarantine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All devices */
        get: operations["listDevices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/precision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How often each rule was right by each device
         * @description Of every rule, device and scene that found something in the incidents held: the verdicts, the precision with its uncertainty, and what becomes of the next alert. The way back: `trust_again` on `last_incident`.
         */
        get: operations["listPrecision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{code}/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a command to a connected device (administrator, duty officer)
         * @description Recorded durably, then published with QoS 1 on `shoumen/v1/{code}/command` to the connection that has subscribed there: the device's own, else its gateway's. Nothing is kept for a device that is away.
         */
        post: operations["commandDevice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{code}/token/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a device a new token in place of all it has (administrator)
         * @description What the device showed itself by until now, tokens and certificates, stays good until the new token is used or the grace is over, whichever comes first; then it is dead. A grace of 0 ends it at once.
         */
        post: operations["rotateDeviceToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{code}/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a device a token (administrator) */
        post: operations["issueDeviceToken"];
        /** Revoke all tokens of a device (administrator) */
        delete: operations["revokeDeviceTokens"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{code}/certificate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign a device's certificate request, for mutual TLS */
        post: operations["certifyDevice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What pages need of the community: kinds, places, bodies */
        get: operations["getPolicy"];
        put?: never;
        /** A community directory takes force, without a restart (administrator) */
        post: operations["activatePolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policy/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files of a version of the community directory (administrator) */
        get: operations["getPolicyFiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policy/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which versions there are, newest first, at most 50 (administrator) */
        get: operations["listPolicyVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policy/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What activation would find in these files; nothing changes (administrator) */
        post: operations["checkPolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policy/tries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How these files would have judged what was recorded (administrator) */
        post: operations["tryPolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rules in force and what each did in the last seven days */
        get: operations["listRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Long tasks, newest first, without their results (administrator) */
        get: operations["listTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A long task, with its result once it is done (administrator) */
        get: operations["getTask"];
        put?: never;
        post?: never;
        /** Ask a task to end (administrator) */
        delete: operations["cancelTask"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All accounts with the roles they hold (who may see accounts) */
        get: operations["listAccounts"];
        put?: never;
        /** Add an account (administrator) */
        post: operations["addAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/wider-sights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Wider sights that were opened: mine, or all for who may see accounts */
        get: operations["listWiderSights"];
        put?: never;
        /** Open a wider sight for a short time, with a reason that is written down */
        post: operations["openWiderSight"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/wider-sights/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End it before its time */
        delete: operations["closeWiderSight"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the plan is reached, and where the next ten devices would help most */
        get: operations["getCoverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is on duty today and tomorrow */
        get: operations["getRoster"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/signals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send one signal or many */
        post: operations["sendSignals"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{token}/telemetry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A reading in the form of ThingsBoard's device API */
        post: operations["sendTelemetry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{token}/attributes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Attributes in the form of ThingsBoard's device API */
        post: operations["sendAttributes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/push/{token}/{source}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An event as a camera or platform pushes it: XML, JSON, or a multipart with pictures */
        post: operations["pushEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/push/{token}/{source}/{part}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same of one part, such as a recorder's channels */
        post: operations["pushEventOfPart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/maps/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What the maps in force make of a payload (who may see the policy) */
        post: operations["tryMaps"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follow what changes (WebSocket) */
        get: operations["follow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One account (who may see accounts) */
        get: operations["getAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give an account a role, in a place and for a time */
        post: operations["giveRole"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/roles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a role; sessions under way hold it no longer */
        delete: operations["endRole"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new one-time password; sessions and the second factor end, a shut account opens */
        post: operations["resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/lock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Forget wrong passwords, so that the account need not wait */
        delete: operations["unlockAccount"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Somebody leaves: roles, sessions, tokens and delegations end, the account is shut */
        post: operations["leaveAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sessions of an account */
        get: operations["listSessionsOf"];
        put?: never;
        post?: never;
        /** End all sessions of an account */
        delete: operations["endSessionsOf"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one session of an account */
        delete: operations["endSessionOf"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tokens of an account's programs */
        get: operations["listTokensOf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{name}/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a token of an account's program */
        delete: operations["revokeTokenOf"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My sessions */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        /** End all my sessions but this one */
        delete: operations["endSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of my sessions */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tokens of my programs */
        get: operations["listTokens"];
        put?: never;
        /** A token for a program, with some of my roles */
        post: operations["makeToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a token */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/delegations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who acts for me and for whom I act */
        get: operations["listDelegations"];
        put?: never;
        /** Let somebody act for me, or witness that somebody agreed */
        post: operations["giveDelegation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/delegations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End it at once */
        delete: operations["endDelegation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/persons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The register of persons
         * @description By code; those whom you may know of. What is shown in clear is written down.
         */
        get: operations["listPersons"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/persons/find": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Who has this phone number */
        post: operations["findPersons"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/persons/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take in a table of persons
         * @description CSV out of a spreadsheet, UTF-8 or GB 18030, at most 4 MB and 20,000 rows. The first line names the columns: 编号, 姓名 (or 姓 and 名), 住处编号, 电话, 身份证号, 健康提示, 紧急联系人, 紧急联系电话; or as the fields of PersonAsked are called. Lines that are right are taken in, the others are told of. An empty cell leaves what is kept as it is. The same table twice does no harm.
         */
        post: operations["importPersons"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/persons/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One person of the register */
        get: operations["getPersonEntry"];
        /**
         * Enter a person, or change the entry
         * @description A field that is left out stays as it is; an empty one is taken away.
         */
        put: operations["putPerson"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/persons/{code}/show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask to see what is shown only when asked for
         * @description Names items of `held_back` with the purpose they are shown for. It is written down, and for a limited time the entry shows them.
         */
        post: operations["showPerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/persons/{code}/kept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How much is kept about a person
         * @description Of oneself, of whom one acts for, or for an administrator. Numbers alone.
         */
        get: operations["countKept"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/persons/{code}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * All that is kept about a person, to take away
         * @description A zip: index.html for people, JSON files for programs, pictures. Of oneself, of whom one acts for, or by an administrator for a reason. It is written down, and each value in it is a look.
         */
        post: operations["takeOutKept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/persons/{code}/erasure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase a person for good
         * @description The person's key is destroyed: the entry, all they wrote and the pictures they reported with can be read by nobody any more, backups included. Accounts are shut. Acts that name them are emptied; their places in the ledger stay, and every proof holds. What was done in a duty, and that incidents were, stays. Own word, or an administrator's for a reason; never by a program's token, never by who acts for somebody.
         */
        post: operations["erasePerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/upkeep/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Devices, page by page
         * @description By code. Beside the page come counts of all that you may see.
         */
        get: operations["listKeptDevices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/upkeep/devices/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take in a table of devices
         * @description CSV out of a spreadsheet, UTF-8 or GB 18030, at most 32 MB and 250,000 rows. The first line names the columns: 编号, 类别, 位置编号, 名称, 网关编号, 厂家, 型号, 序列号, 购置日期, 价格 (yuan), 状态; or code, kind, place, name, gateway, maker, model, serial, bought, cost, stage. A device with a place is put into the community directory, one without is kept as bought. Lines that are right are taken in, the others are told of. The same table twice does no harm.
         */
        post: operations["importDevices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/upkeep/devices/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One device: where it stands, its life, its work */
        get: operations["getKeptDevice"];
        /**
         * Change what is kept of a device
         * @description What is left out stays as it is.
         */
        put: operations["putKeptDevice"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/upkeep/devices/{code}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move a device to another stage of its life
         * @description Which stages may be gone to, and why others may not, is said by GET.
         */
        post: operations["moveDevice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/upkeep/tray": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Devices that somebody has spoken for and nobody knows */
        get: operations["listTray"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/upkeep/tray/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take in a device that waits in the tray */
        post: operations["takeInDevice"];
        /** It does not belong here */
        delete: operations["leaveDevice"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/upkeep/work": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Work on devices, by building */
        get: operations["listWork"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/upkeep/work/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take work, end it, or drop it */
        post: operations["workOn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/upkeep/rounds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rounds, what is overdue first */
        get: operations["listRounds"];
        put?: never;
        /** Plan a round */
        post: operations["planRound"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/upkeep/rounds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A round with its devices and ticks */
        get: operations["getRound"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/upkeep/rounds/{id}/ticks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tick a device of a round
         * @description Proven by the code on the device, the position of the telephone, and a signal from the device within ten minutes; else it stands as unproven and says what is missing.
         */
        post: operations["tickDevice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/upkeep/rounds/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a round */
        post: operations["endRound"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/upkeep/quiet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Maintenance windows that are not over */
        get: operations["listQuiet"];
        put?: never;
        /** Keep devices quiet while somebody works on them */
        post: operations["beginQuiet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/upkeep/quiet/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a maintenance window */
        delete: operations["endQuiet"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/upkeep/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What upkeep costs and yields */
        get: operations["getUpkeepFigures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Format: date-time
         * @description RFC 3339 in the community's time zone.
         */
        Time: string;
        /** @description A 64-bit number in decimal digits. A string, since JavaScript's numbers end at 2^53. */
        Id: string;
        Sha256: string;
        /** @description A name for people. Where one language is missing, the other or the code stands in its place. */
        Names: {
            zh: string;
            en: string;
        };
        /**
         * @description Position in the tree of places, from the widest to the narrowest.
         * @enum {string}
         */
        PlaceLevel: "district" | "street" | "community" | "estate" | "building" | "unit" | "floor" | "home" | "room" | "point";
        /**
         * @description What a place is used for; column `place` of the responsibility matrix.
         * @enum {string}
         */
        PlaceUse: "home" | "stairwell" | "lift" | "parking" | "fire_lane" | "charging" | "gate" | "public_area" | "facility";
        /** @enum {string} */
        EstateType: "old" | "new" | "mixed";
        /** @enum {string} */
        SignalKind: "door_access" | "door_contact" | "smoke" | "falling_object" | "camera_fight" | "camera_fall" | "resident_camera" | "ebike_overload" | "ebike_power_cut" | "one_key" | "elder_bracelet" | "child_bracelet" | "water_level" | "gas" | "gathering" | "motion" | "platform" | "link";
        /**
         * @description `red` is the gravest.
         * @enum {string}
         */
        Severity: "red" | "orange" | "yellow" | "blue";
        /**
         * @description `quiet`: kept, and nobody was told, since what found it was wrong too often.
         * @enum {string}
         */
        IncidentState: "open" | "acknowledged" | "en_route" | "on_scene" | "resolved" | "closed" | "false_alarm" | "merged" | "quiet";
        /** @enum {string} */
        LadderLevel: "community" | "street" | "district";
        /** @enum {string} */
        Role: "property_manager" | "committee" | "community_police" | "grid_worker" | "duty_officer" | "technical_team" | "mediation_team" | "patrol_team" | "fire_station" | "community_doctor" | "street_office" | "district_office" | "lift_maintainer" | "owners_committee" | "verifier" | "administrator" | "resident" | "family" | "floor_captain" | "unit_captain" | "volunteer" | "committee_director" | "auditor" | "assessor";
        /** @enum {string} */
        Channel: "screen" | "push" | "sms" | "voice" | "robot";
        /** @enum {string} */
        Action: "report" | "acknowledge" | "depart" | "arrive" | "resolve" | "verify" | "reject" | "mark_false_alarm" | "transfer" | "merge" | "reopen" | "escalate" | "set_severity" | "add_note" | "add_evidence" | "reporter_satisfied" | "reporter_unsatisfied" | "seen" | "confirm" | "judge" | "trust_again";
        /** @enum {string} */
        EventType: "opened" | "alert_joined" | "alert_cleared" | "acknowledged" | "acknowledgement_expired" | "departed" | "arrived" | "resolved" | "verified" | "rejected" | "closed" | "false_alarm" | "transferred" | "merged" | "absorbed" | "reopened" | "escalated" | "deadline_missed" | "severity_changed" | "note" | "evidence_added" | "reporter_satisfied" | "reporter_unsatisfied" | "told" | "seen" | "look_wanted" | "look_confirmed" | "quietened" | "judged" | "trusted_again";
        /** @enum {string} */
        EvidencePhase: "before" | "after";
        /**
         * @description `proven`: taken after the arrival by its EXIF time. `unproven`: it carries no EXIF time.
         * @enum {string}
         */
        EvidenceStanding: "proven" | "unproven";
        /** @enum {string} */
        DeadlineKind: "acknowledge" | "arrive" | "close" | "reporter";
        Error: {
            error: {
                /** @description A word of /api/v1/errors.json. */
                code: string;
                message: components["schemas"]["Names"];
                /** @description The field, parameter or header it is about. */
                where?: string;
                /** @description What exactly, and how to mend it; in English, for whoever integrates. */
                detail?: string;
            };
        };
        /** @description Every code an answer can carry. */
        ErrorCatalogue: {
            [key: string]: {
                status: number;
                metric: string;
                zh: string;
                en: string;
            };
        };
        Health: {
            ready: boolean;
            /** @description false: what comes in cannot be written down at present. */
            storing: boolean;
            /** @description true: the demo community; its accounts and passwords stand on the program's console. */
            demo?: boolean;
            /** @description Why, and how to mend it. */
            trouble?: string;
            /** @description All goes on, but somebody should look. */
            degraded?: ("backlog" | "disk" | "clock" | "gateway" | "ledger")[];
        };
        Live: {
            live: boolean;
        };
        SignIn: {
            account: string;
            password: string;
        };
        HalfSession: {
            /** @description Opens nothing; goes with the code to /api/v1/session/second-step. */
            half: string;
            expires: components["schemas"]["Time"];
        };
        SecondStep: {
            half: string;
            /** @description Six digits, or a recovery code. */
            code: string;
        };
        SecondFactor: {
            on: boolean;
            /** @description By a role of mine (accounts.yaml). */
            required: boolean;
            /** @description How many are left. */
            recovery_codes: number;
        };
        PasswordSaid: {
            password: string;
        };
        CodeSaid: {
            /** @description Six digits, or a recovery code. */
            code: string;
        };
        PasswordAndCode: {
            password: string;
            /** @description Six digits, or a recovery code. */
            code: string;
        };
        Enrolment: {
            /** @description Base32, to type in. */
            secret: string;
            /** @description otpauth://, for a QR code. */
            uri: string;
        };
        RecoveryCodes: {
            recovery_codes: string[];
        };
        WaysIn: {
            /** @description Codes to a telephone. */
            phone: boolean;
            /** @description A city's single sign-on. */
            sign_on: boolean;
        };
        PhoneSaid: {
            phone: string;
        };
        PhoneAndCode: {
            phone: string;
            code: string;
        };
        SubjectSaid: {
            subject: string;
        };
        SignOnBegun: {
            url: string;
            /** @description Kept by the browser until it comes back. */
            binding: string;
        };
        SignOnReturn: {
            code: string;
            state: string;
            binding: string;
        };
        AccountWays: {
            /** @description Masked. */
            phone?: string;
            sign_on: string[];
        };
        WiderSight: {
            id: components["schemas"]["Id"];
            account: string;
            person: string;
            role: components["schemas"]["Role"];
            reason: string;
            since: components["schemas"]["Time"];
            until: components["schemas"]["Time"];
            ended?: components["schemas"]["Time"];
            ended_by?: string;
        };
        WiderSightList: {
            /** @description A role of mine may open one. */
            may: boolean;
            /** @description For so long. */
            lasts_s: number;
            wider_sights: components["schemas"]["WiderSight"][];
        };
        ReasonSaid: {
            /** @description 6 to 500 bytes. */
            reason: string;
        };
        Coverage: {
            /** @description Empty: the directory asks for nothing. */
            targets: components["schemas"]["CoverageTarget"][];
            /** @description In this order. */
            next: components["schemas"]["CoverageProposal"][];
            recognised: components["schemas"]["Recognised"];
        };
        CoverageTarget: {
            id: string;
            name: components["schemas"]["Names"];
            /** @enum {string} */
            per: "area" | "home" | "person";
            /** @description Per cent of the base that the plan asks for. */
            share: number;
            /** @description Of public area seen by one device. */
            square_metres?: number;
            /** @description The community first, then estates and buildings. */
            rows: components["schemas"]["CoverageRow"][];
        };
        CoverageRow: {
            place: components["schemas"]["PlaceRef"];
            level: components["schemas"]["PlaceLevel"];
            /** @description m², homes or persons there are. */
            base: number;
            /** @description Of them, by devices in service. */
            served: number;
            /** @description Of them, by devices that are in service and neither silent nor idle by their rhythm; without one, heard within a week. */
            working: number;
            devices: number;
            /** @description Devices with nothing at or above them that they could serve. */
            unplaced: number;
        };
        CoverageProposal: {
            target: string;
            place: components["schemas"]["PlaceRef"];
            /** @description m², homes or persons it would serve. */
            gains: number;
            /** @description By how much the target's part of the plan comes nearer. */
            per_mille: number;
        };
        Recognised: {
            since: components["schemas"]["Time"];
            /** @description Alerts of what recognises that a person judged real or mistaken, each source of an incident once. */
            judged: number;
            right: number;
            /** @description Per cent that the plan asks for. */
            share: number;
        };
        Roster: {
            from: components["schemas"]["Time"];
            until: components["schemas"]["Time"];
            bodies: components["schemas"]["RosterBody"][];
        };
        RosterBody: {
            body: components["schemas"]["BodyRef"];
            shifts: components["schemas"]["Shift"][];
        };
        Shift: {
            person: string;
            from: components["schemas"]["Time"];
            until: components["schemas"]["Time"];
            /** @description By preference; none: not reachable. */
            channels: components["schemas"]["Channel"][];
        };
        Session: {
            /** @description What is shown in clear somewhere or, where places do not part it, as a whole: which pages make sense. */
            sees: components["schemas"]["Item"][];
            /** @description What may be changed somewhere: which buttons make sense. */
            changes: components["schemas"]["Item"][];
            account: string;
            person: string;
            roles: components["schemas"]["Role"][];
            bodies: components["schemas"]["BodyRef"][];
            /** @description Only the password may be changed, or the session ended. */
            must_change: boolean;
            /** @description A role asks for a second step of signing in: only that may be set, or the session ended. */
            must_enrol: boolean;
            language: string;
            expires: components["schemas"]["Time"];
            /** @description For `Authorization: Bearer`. Given once, in the answer to signing in. */
            token?: string;
        };
        PasswordChange: {
            old: string;
            /** @description At least 10 characters, at most 1,024 bytes. */
            new: string;
        };
        NewAccount: {
            name: string;
            /** @description Opaque code of the person. */
            person: string;
            roles: components["schemas"]["Role"][];
            /** @description Codes of the bodies the person works for. */
            bodies: string[];
        };
        OneTimePassword: {
            one_time_password: string;
        };
        DeviceTokenRotation: {
            /**
             * @description How long those before it stay good at most.
             * @default 60
             */
            grace_minutes: number;
        };
        DeviceTokenRotated: {
            /** @description Shown once. */
            token: string;
            /** @description Until then those before it are good, if the new one is not used before. Absent: there is none. */
            old_until?: components["schemas"]["Time"];
        };
        DeviceToken: {
            /** @description Shown once. */
            token: string;
        };
        CertificateRequest: {
            /** @description PKCS#10 in PEM form, signed with the device's own key: EC P-256 or P-384, Ed25519, RSA of 2,048 to 4,096 bits. The name in it does not count. */
            request: string;
        };
        DeviceCertificate: {
            /** @description PEM. */
            certificate: string;
            /** @description PEM: by which the device knows the node. */
            authority: string;
            /** Format: date-time */
            until: string;
        };
        DeviceCommand: {
            /** @description What the device is to do, in its own words. */
            command: string;
            /** @description Handed on as they are: up to 32 of true, false, numbers, texts of at most 128 bytes and null. */
            values?: {
                [key: string]: boolean | number | string | null;
            };
        };
        DeviceCommandSent: {
            /** @description The `id` in the message that the device receives. */
            id: string;
        };
        BodyRef: {
            code: string;
            name: components["schemas"]["Names"];
            role: components["schemas"]["Role"];
        };
        PlaceRef: {
            code: string;
            name: components["schemas"]["Names"];
        };
        PlaceStep: {
            code: string;
            level: components["schemas"]["PlaceLevel"];
            use: components["schemas"]["PlaceUse"];
            name: components["schemas"]["Names"];
        };
        PlaceOnPath: {
            code: string;
            name: components["schemas"]["Names"];
            level: components["schemas"]["PlaceLevel"];
            use: components["schemas"]["PlaceUse"];
            /** @description From the widest place down to this one, which is the last. */
            path: components["schemas"]["PlaceStep"][];
        };
        /** @enum {string} */
        VerdictGiven: "true" | "false" | "test" | "unknown";
        /** @enum {string} */
        Verdict: "none" | "true" | "false" | "test" | "unknown";
        /**
         * @description What becomes of the next alert: it goes its way, the desk looks first, it is kept and tells nobody.
         * @enum {string}
         */
        Stage: "trusted" | "second_look" | "quiet";
        /** @description Why it waits or is quiet, as known when it began. */
        Doubt: {
            stage: components["schemas"]["Stage"];
            true: number;
            false: number;
            /** @description The precision, a share, as good as surely. */
            at_most: number;
        };
        /** @description What raised alerts of an incident, and what they turned out to be. */
        Source: {
            /** @description Its first one. */
            alert: components["schemas"]["Id"];
            rule?: components["schemas"]["Named"];
            device?: components["schemas"]["Named"];
            /** @description What the field that the rule names said. */
            scene?: string;
            alerts: number;
            verdict: components["schemas"]["Verdict"];
            judged?: components["schemas"]["Time"];
        };
        PrecisionTrack: {
            rule: components["schemas"]["Named"];
            device?: components["schemas"]["Named"];
            place?: components["schemas"]["PlaceRef"];
            /** @description What the field that the rule names said. */
            scene?: string;
            /** @description True: the field said what cannot be told from others (no word of the directory, no whole number), so these alerts always go their way. */
            scene_untold?: boolean;
            /** @description Of the incidents held, 90 days after their end. */
            verdicts: {
                true: number;
                false: number;
                test: number;
                unknown: number;
            };
            /** @description A share; old verdicts count for less. Left out where there is none. */
            mean?: number;
            /** @description The precision is higher than this, nine times in ten. */
            low?: number;
            /** @description The precision is lower than this, nine times in ten. */
            high?: number;
            stage: components["schemas"]["Stage"];
            /** @description Left out where the rule asks for no precision. */
            target?: number;
            quiet_below?: number;
            last_incident: components["schemas"]["Id"];
            last_alert: components["schemas"]["Time"];
            trusted_again?: components["schemas"]["Time"];
        };
        PrecisionList: {
            tracks: components["schemas"]["PrecisionTrack"][];
        };
        IncidentSummary: {
            id: components["schemas"]["Id"];
            /** @description Code of the incident kind. */
            kind: string;
            kind_name: components["schemas"]["Names"];
            /** @description Alerts of one cause at one place are one incident. */
            cause: string;
            severity: components["schemas"]["Severity"];
            state: components["schemas"]["IncidentState"];
            /** @description The rung of the ladder it stands on. */
            level: components["schemas"]["LadderLevel"];
            place: components["schemas"]["PlaceOnPath"];
            /** @description The one body that owns it; never missing. */
            lead: components["schemas"]["BodyRef"];
            assist: components["schemas"]["BodyRef"][];
            opened: components["schemas"]["Time"];
            alert_count: number;
            /** @description Opened by a signal older than the clock rule allows. */
            late: boolean;
            /** @description Deadlines that passed and were acted upon. */
            missed: {
                acknowledge: boolean;
                arrive: boolean;
                close: boolean;
            };
            reopened_times: number;
            evidence_count: number;
            policy_version: number;
            /** @description The body of the rung it has climbed to; none on the community's own rung. */
            supervisor?: components["schemas"]["BodyRef"];
            /** @description The person who has taken it on. */
            responder?: string;
            latest_alert?: components["schemas"]["Time"];
            /** @description The next deadline that is still ahead. */
            deadline?: {
                kind: components["schemas"]["DeadlineKind"];
                at: components["schemas"]["Time"];
            };
            /** @description The deadline that has passed without being met, if any. */
            overdue?: {
                kind: components["schemas"]["DeadlineKind"];
                since: components["schemas"]["Time"];
            };
            /** @description When it climbs to the next rung if nothing happens. */
            climbs_at?: components["schemas"]["Time"];
            /** @description When it was closed, found a false alarm or merged. */
            ended?: components["schemas"]["Time"];
            /**
             * @description wanted: the desk is asked whether it is real before anybody is sent.
             * @enum {string}
             */
            look?: "wanted" | "confirmed";
            /** @description Unanswered, it goes its way then. */
            look_by?: components["schemas"]["Time"];
            doubt?: components["schemas"]["Doubt"];
        };
        /**
         * @description What can be seen or changed (access.yaml).
         * @enum {string}
         */
        Item: "incidents" | "door" | "actors" | "words" | "reporter" | "pictures" | "concerned" | "first_name" | "name" | "phone" | "id_number" | "home" | "health" | "people" | "devices" | "quarantine" | "rules" | "policy" | "accounts" | "tokens" | "commands" | "tasks" | "figures" | "acts" | "roster" | "archive" | "erasure";
        /**
         * @description What data is used for.
         * @enum {string}
         */
        Purpose: "response" | "verification" | "care" | "upkeep" | "supervision" | "administration" | "audit" | "assessment" | "own";
        HeldBack: {
            item: components["schemas"]["Item"];
            /**
             * @description ask: it is shown when asked for.
             * @enum {string}
             */
            sight: "masked" | "ask";
            purpose: components["schemas"]["Purpose"];
            /** @description How long it is then shown, in seconds. */
            lasts_s: number;
        };
        ShowAsked: {
            items: components["schemas"]["Item"][];
            purpose: components["schemas"]["Purpose"];
        };
        Act: {
            id: components["schemas"]["Id"];
            at: components["schemas"]["Time"];
            /** @description A word: looked, asked_to_see, account_added … */
            kind: string;
            /** @description Code of the person; missing: the platform. */
            actor?: string;
            /** @description The role it was done in; missing: as oneself. */
            role?: string;
            /** @description A word of Purpose; missing: none was asked. */
            purpose?: string;
            subject: string;
            /** @description Of looked: how many values were shown in clear. */
            count: number;
            /** @description Words and numbers: which items. */
            detail?: string;
        };
        ActList: {
            acts: components["schemas"]["Act"][];
        };
        Retention: {
            kinds: {
                /** @enum {string} */
                kind: "signals" | "refused" | "words" | "pictures";
                /** @description Kept so long. */
                days: number;
                oldest?: components["schemas"]["Time"];
                /** @description Removed by the last sweep. */
                gone: number;
            }[];
            swept?: components["schemas"]["Time"];
            next: components["schemas"]["Time"];
        };
        Ledger: {
            /** @description Name of the log. */
            origin: string;
            /** @enum {string} */
            hash: "sha256" | "sm3";
            /** @description Leaves that are signed. */
            size: string;
            root?: string;
            signed?: components["schemas"]["Time"];
            /**
             * @description What is wrong: fewer leaves than were signed, another tree, two histories, the clock set back, no signature possible.
             * @enum {string}
             */
            fault?: "smaller" | "other" | "split" | "clock" | "unsigned";
            witnesses: {
                name: string;
                /** @description Its public key. */
                key: string;
                /** @description It was shown another history, and says so. */
                reported?: boolean;
                /** @description It has not co-signed for longer than it should. */
                silent: boolean;
                last?: components["schemas"]["Time"];
                /** @description Leaves of the tree it co-signed then. */
                size?: string;
            }[];
            /** @description The log's public keys, as /ledger/keys shows them. */
            keys: string[];
        };
        Receipt: {
            /** @description To be kept as a file. */
            receipt: string;
            /** @description The same, for a QR code; left out where it cannot be made. */
            code?: string;
            leaf: string;
            /** @description Leaves of the tree that was signed. */
            size: string;
            cosigned_by: string[];
        };
        /** @description The fields of the summary and everything else that is known. */
        IncidentDetail: {
            id: components["schemas"]["Id"];
            /** @description Code of the incident kind. */
            kind: string;
            kind_name: components["schemas"]["Names"];
            /** @description Alerts of one cause at one place are one incident. */
            cause: string;
            severity: components["schemas"]["Severity"];
            state: components["schemas"]["IncidentState"];
            /** @description The rung of the ladder it stands on. */
            level: components["schemas"]["LadderLevel"];
            place: components["schemas"]["PlaceOnPath"];
            /** @description The one body that owns it; never missing. */
            lead: components["schemas"]["BodyRef"];
            assist: components["schemas"]["BodyRef"][];
            opened: components["schemas"]["Time"];
            alert_count: number;
            /** @description Opened by a signal older than the clock rule allows. */
            late: boolean;
            /** @description Deadlines that passed and were acted upon. */
            missed: {
                acknowledge: boolean;
                arrive: boolean;
                close: boolean;
            };
            reopened_times: number;
            evidence_count: number;
            policy_version: number;
            timeline: components["schemas"]["TimelineEntry"][];
            sources: components["schemas"]["Source"][];
            /** @description What its sources found before counts no more. */
            trusted_again?: components["schemas"]["Time"];
            alerts: components["schemas"]["AlertEntry"][];
            evidence: components["schemas"]["EvidenceEntry"][];
            told: components["schemas"]["ToldEntry"][];
            /** @description Every action, whether you may take it now, and if not, why. */
            actions: components["schemas"]["ActionState"][];
            transfer_targets: components["schemas"]["BodyRef"][];
            merge_targets: components["schemas"]["MergeTarget"][];
            times: {
                acknowledged?: components["schemas"]["Time"];
                departed?: components["schemas"]["Time"];
                arrived?: components["schemas"]["Time"];
                resolved?: components["schemas"]["Time"];
                verified?: components["schemas"]["Time"];
                ended?: components["schemas"]["Time"];
            };
            /** @description The deadlines the matrix gave, in seconds. */
            within: {
                acknowledge: number;
                arrive: number;
                close: number;
            };
            /** @description Line of matrix.yaml that made the lead the owner; 0: none. */
            matrix_line: number;
            /** @description The body of the rung it has climbed to; none on the community's own rung. */
            supervisor?: components["schemas"]["BodyRef"];
            /** @description The person who has taken it on. */
            responder?: string;
            latest_alert?: components["schemas"]["Time"];
            /** @description The next deadline that is still ahead. */
            deadline?: {
                kind: components["schemas"]["DeadlineKind"];
                at: components["schemas"]["Time"];
            };
            /** @description The deadline that has passed without being met, if any. */
            overdue?: {
                kind: components["schemas"]["DeadlineKind"];
                since: components["schemas"]["Time"];
            };
            /** @description When it climbs to the next rung if nothing happens. */
            climbs_at?: components["schemas"]["Time"];
            /** @description When it was closed, found a false alarm or merged. */
            ended?: components["schemas"]["Time"];
            /**
             * @description wanted: the desk is asked whether it is real before anybody is sent.
             * @enum {string}
             */
            look?: "wanted" | "confirmed";
            /** @description Unanswered, it goes its way then. */
            look_by?: components["schemas"]["Time"];
            doubt?: components["schemas"]["Doubt"];
            resolver?: string;
            verifier?: string;
            /** @description Missing: found by devices. */
            reporter?: string;
            /** @enum {string} */
            reporter_answer?: "satisfied" | "unsatisfied";
            /** @description If the reporter says nothing until then, the verifier's word stands. */
            reporter_due?: components["schemas"]["Time"];
            /** @description The reporter's words. */
            text?: string;
            /** @description Who needs help now, as far as you may see it; nobody once it has ended. */
            needs_help: components["schemas"]["Person"][];
            /** @description What is not shown in clear. */
            held_back: components["schemas"]["HeldBack"][];
            merged_into?: components["schemas"]["Id"];
        };
        IncidentList: {
            /** @description Newest first. */
            incidents: components["schemas"]["IncidentSummary"][];
            now: components["schemas"]["Time"];
            /** @description There are older ones: ask again with `before` = the last id. */
            more: boolean;
        };
        TimelineEntry: {
            n: number;
            at: components["schemas"]["Time"];
            type: components["schemas"]["EventType"];
            from: components["schemas"]["IncidentState"];
            to: components["schemas"]["IncidentState"];
            /** @description Missing: the system itself. */
            actor?: string;
            /** @description The new lead, or who was told. */
            body?: components["schemas"]["BodyRef"];
            alert?: components["schemas"]["Id"];
            level?: components["schemas"]["LadderLevel"];
            severity?: components["schemas"]["Severity"];
            /** @description A code word: which deadline, which channel. */
            detail?: string;
            text?: string;
            evidence?: components["schemas"]["Sha256"];
        };
        AlertEntry: {
            id: components["schemas"]["Id"];
            place: components["schemas"]["PlaceRef"];
            severity: components["schemas"]["Severity"];
            at: components["schemas"]["Time"];
            late: boolean;
            /** @description Missing where the rules have changed since. */
            rule?: components["schemas"]["Named"];
            device?: components["schemas"]["Named"];
            cleared?: components["schemas"]["Time"];
        };
        Named: {
            code: string;
            name: components["schemas"]["Names"];
        };
        EvidenceEntry: {
            sha256: components["schemas"]["Sha256"];
            phase: components["schemas"]["EvidencePhase"];
            standing: components["schemas"]["EvidenceStanding"];
            added: components["schemas"]["Time"];
            by: string;
            /** @description Path of the file. */
            url: string;
            /** @description By EXIF. */
            taken?: components["schemas"]["Time"];
        };
        ToldEntry: {
            person: string;
            body: components["schemas"]["BodyRef"];
            channel: components["schemas"]["Channel"];
            at: components["schemas"]["Time"];
            seen?: components["schemas"]["Time"];
        };
        Reason: {
            code: string;
            zh: string;
            en: string;
        };
        ActionState: {
            action: components["schemas"]["Action"];
            allowed: boolean;
            reason?: components["schemas"]["Reason"];
        };
        MergeTarget: {
            id: components["schemas"]["Id"];
            kind: string;
            kind_name: components["schemas"]["Names"];
            severity: components["schemas"]["Severity"];
            state: components["schemas"]["IncidentState"];
            place: components["schemas"]["PlaceRef"];
            opened: components["schemas"]["Time"];
        };
        Report: {
            /** @description Code of the incident kind. */
            kind: string;
            /** @description Code of the place. */
            place: string;
            severity: components["schemas"]["Severity"];
            /** @description At most 4,000 bytes of UTF-8. */
            text?: string;
        };
        Opened: {
            id: components["schemas"]["Id"];
        };
        ActionBody: {
            /** @description transfer: code of the new lead. */
            body?: string;
            /** @description merge: the incident that goes on. */
            other?: components["schemas"]["Id"];
            /** @description set_severity */
            severity?: components["schemas"]["Severity"];
            /** @description judge: needed. mark_false_alarm: false where it is not said; true is refused. */
            verdict?: components["schemas"]["VerdictGiven"];
            /** @description judge: `alert` of the source that is meant; all of them where it is not said. */
            alert?: components["schemas"]["Id"];
            /** @description Any action; at most 4,000 bytes of UTF-8. trust_again: needed, the reason, 6 bytes or more without blanks. */
            text?: string;
        };
        CommunityDirectory: {
            /** @description The directory's files, name to content: community.yaml, rules/fire.yaml and so on. */
            files: {
                [key: string]: string;
            };
        };
        PolicyActivation: {
            files: components["schemas"]["DirectoryFiles"];
            /** @description The version the files were written over. Where another is in force by now: 409 policy-changed. */
            based_on?: number;
        };
        PolicyTrial: {
            files: components["schemas"]["DirectoryFiles"];
            /**
             * Format: date-time
             * @description Left out: seven days before `to`.
             */
            from?: string;
            /**
             * Format: date-time
             * @description Left out: now.
             */
            to?: string;
        };
        /** @description The directory's files, name to content: community.yaml, rules/fire.yaml and so on. */
        DirectoryFiles: {
            [key: string]: string;
        };
        PolicyFiles: {
            version: number;
            digest: components["schemas"]["Sha256"];
            activated: components["schemas"]["Time"];
            files: components["schemas"]["DirectoryFiles"];
        };
        PolicyVersionList: {
            versions: {
                version: number;
                digest: components["schemas"]["Sha256"];
                activated: components["schemas"]["Time"];
            }[];
        };
        Finding: {
            file: string;
            line: number;
            /** @description One of docs/community-directory.md#findings. */
            code: string;
            /** @description English. */
            message: string;
        };
        FindingList: {
            findings: components["schemas"]["Finding"][];
        };
        RuleEntry: {
            code: string;
            name: components["schemas"]["Names"];
            /** @description Of the incidents it leads to. */
            kind: string;
            kind_name: components["schemas"]["Names"];
            severity: components["schemas"]["Severity"];
            signals: components["schemas"]["SignalKind"][];
            /** @enum {string} */
            operator: "threshold" | "count" | "absence" | "sequence" | "together";
            /** @enum {string} */
            key: "device" | "room" | "home" | "floor" | "unit" | "building" | "estate" | "community" | "person" | "gateway";
            join: components["schemas"]["PlaceLevel"];
            /**
             * @description What tells two causes within `join` apart; absent: nothing does.
             * @enum {string}
             */
            parted_by?: "silent_floor";
            at_least?: number;
            /** @description How many it waits for (sequence, together). */
            events?: number;
            within_s?: number;
            hold_s?: number;
            link_s?: number;
            cooldown_s?: number;
            during?: {
                from_minute: number;
                to_minute: number;
                /** @description Bit 0 Monday to bit 6 Sunday. */
                weekdays: number;
                /** @description A day counts by its weekday or by one of these. */
                day_classes: ("workdays" | "weekends" | "holidays")[];
            };
            file: string;
            line: number;
            /** @description In the last seven days. */
            alerts: number;
            last?: components["schemas"]["Time"];
        };
        RuleList: {
            version: number;
            rules: components["schemas"]["RuleEntry"][];
        };
        /**
         * @description interrupted: the program ended while it ran.
         * @enum {string}
         */
        TaskState: "running" | "done" | "failed" | "cancelled" | "interrupted";
        Task: {
            id: components["schemas"]["Id"];
            /** @enum {string} */
            kind: "policy-try";
            state: components["schemas"]["TaskState"];
            /** @description Inputs gone through. */
            done: number;
            /** @description Inputs there are; 0 until that is known. */
            total: number;
            /** @description Code of the person who asked for it. */
            by: string;
            started: components["schemas"]["Time"];
            ended?: components["schemas"]["Time"];
            from: components["schemas"]["Time"];
            to: components["schemas"]["Time"];
            /** @description The version in force when it began. */
            based_on: number;
            digest?: components["schemas"]["Sha256"];
            /** @description Why it failed: a code of the error catalogue. */
            error?: string;
            findings?: components["schemas"]["Finding"][];
            result?: components["schemas"]["TrialResult"];
        };
        TaskList: {
            tasks: components["schemas"]["Task"][];
        };
        TriedAlert: {
            at: components["schemas"]["Time"];
            place: components["schemas"]["PlaceRef"];
            device?: string;
        };
        /** @description added: alerts it would give and did not; gone: alerts it gave and would not. Same: device, place and time. */
        TriedRule: {
            code: string;
            name: components["schemas"]["Names"];
            before: number;
            after: number;
            added: number;
            gone: number;
            added_examples: components["schemas"]["TriedAlert"][];
            gone_examples: components["schemas"]["TriedAlert"][];
        };
        TrialResult: {
            signals: number;
            alerts_before: number;
            alerts_after: number;
            /** @description Had nobody ever ended one. */
            incidents_before: number;
            incidents_after: number;
            rules: components["schemas"]["TriedRule"][];
        };
        PolicyVersion: {
            version: number;
        };
        QuarantineRow: {
            id: components["schemas"]["Id"];
            received: components["schemas"]["Time"];
            door: string;
            /** @description Code of the device whose token it came with. */
            speaker: string;
            code: string;
            message: string;
            /** @description Its first 4,096 bytes; what is not UTF-8 is replaced by U+FFFD. */
            payload: string;
            payload_size: number;
            payload_sha256: components["schemas"]["Sha256"];
            field?: string;
            /** @description The MQTT topic it was published on; its first 1,024 bytes. */
            topic?: string;
        };
        QuarantineList: {
            /** @description Newest first. */
            rows: components["schemas"]["QuarantineRow"][];
            kept: number;
            /** @description Gone because of the limit of 100,000. */
            dropped: number;
        };
        Device: {
            code: string;
            name: components["schemas"]["Names"];
            place: components["schemas"]["PlaceRef"];
            is_gateway: boolean;
            clock_wrong: boolean;
            has_token: boolean;
            kind?: components["schemas"]["SignalKind"];
            /** @description Code of the device whose token may speak for this one. */
            gateway?: string;
            last_heard?: components["schemas"]["Time"];
        };
        DeviceList: {
            devices: components["schemas"]["Device"][];
        };
        PolicyPlace: {
            code: string;
            name: components["schemas"]["Names"];
            level: components["schemas"]["PlaceLevel"];
            use: components["schemas"]["PlaceUse"];
            parent?: string;
            estate_type?: components["schemas"]["EstateType"];
            /** @description [latitude, longitude], WGS-84, degrees */
            at?: number[];
        };
        PolicyGrid: {
            code: string;
            name: components["schemas"]["Names"];
            places: string[];
        };
        PolicyBody: {
            code: string;
            name: components["schemas"]["Names"];
            role: components["schemas"]["Role"];
            places: string[];
            grids: string[];
        };
        PolicyRung: {
            level: components["schemas"]["LadderLevel"];
            role: components["schemas"]["Role"];
        };
        Policy: {
            version: number;
            digest: components["schemas"]["Sha256"];
            community: components["schemas"]["Named"];
            /** @description IANA name. */
            time_zone: string;
            incident_kinds: components["schemas"]["Named"][];
            /** @description Parents before children; retired ones are left out. */
            places: components["schemas"]["PolicyPlace"][];
            grids: components["schemas"]["PolicyGrid"][];
            bodies: components["schemas"]["PolicyBody"][];
            rules: components["schemas"]["Named"][];
            ladder: components["schemas"]["PolicyRung"][];
        };
        /** @description null is left out. */
        SignalValue: boolean | number | string | null;
        /** @description Fields not named here are passed over. */
        Signal: {
            /** @description The source's own message id. A repeat of (device, id) is dropped; send again with the same one. */
            id?: string | null;
            /** @description Code of the device. */
            device: string;
            kind: components["schemas"]["SignalKind"];
            /**
             * Format: date-time
             * @description When it happened, with a zone. Missing: the time of receipt.
             */
            time?: string | null;
            /** @description At most 64; names are 1–64 of A–Z a–z 0–9 . _ -; text is at most 2,048 bytes. */
            values?: {
                [key: string]: components["schemas"]["SignalValue"];
            } | null;
            /** @description Reference to a picture or clip. */
            evidence?: string | null;
        };
        Signals: components["schemas"]["Signal"] | components["schemas"]["Signal"][];
        SignalResult: {
            index: number;
            /** @description Why it lies in quarantine; missing: taken. */
            code?: string;
            message?: string;
            field?: string;
        };
        /** @description Everything counted here is on disk. */
        SignalReceipt: {
            accepted: number;
            quarantined: number;
            /** @description One for each signal, in order. */
            results: components["schemas"]["SignalResult"][];
        };
        MapTry: {
            /** @description The topic it is published on; of what is pushed by HTTP push/SOURCE/xml or push/SOURCE/json. */
            topic: string;
            /** @description As it comes, in text. */
            payload: string;
            /** @description Code of the device that sends it. */
            own?: string;
        };
        /** @description Signals, or that the map passes it over, or why it cannot be read. */
        MapTried: {
            map?: string;
            /** @description File and line of the topic entry that fits. */
            entry?: string;
            signals?: components["schemas"]["MappedSignal"][];
            ignored?: boolean;
            error?: {
                code: string;
                message: string;
                field?: string;
            };
        };
        MappedSignal: {
            device: string;
            kind?: string;
            id?: string;
            time?: string;
            evidence?: string;
            /** @description Line of the case that was read. */
            case?: number;
            values: {
                [key: string]: boolean | number | string | null;
            };
        };
        LiveMessage: components["schemas"]["LiveHello"] | components["schemas"]["LiveIncident"] | components["schemas"]["LiveQuarantine"] | components["schemas"]["LivePolicy"];
        LiveHello: {
            /** @enum {string} */
            type: "hello";
            now: components["schemas"]["Time"];
        };
        LiveIncident: {
            /** @enum {string} */
            type: "incident";
            incident: components["schemas"]["IncidentSummary"];
        };
        LiveQuarantine: {
            /** @enum {string} */
            type: "quarantine";
            kept: number;
        };
        LivePolicy: {
            /** @enum {string} */
            type: "policy";
            version: number;
        };
        /** @description A role held by an account. Without `place`: where its bodies answer; without bodies, in the whole community. Without `until`: without an end. */
        Grant: {
            id: components["schemas"]["Id"];
            role: components["schemas"]["Role"];
            place?: components["schemas"]["PlaceRef"];
            since?: components["schemas"]["Time"];
            until?: components["schemas"]["Time"];
            given_by?: string;
            why?: string;
            ended?: components["schemas"]["Time"];
            ended_by?: string;
        };
        GrantAsked: {
            role: components["schemas"]["Role"];
            /** @description Code of the place; left out: where the account's bodies answer. */
            place?: string;
            since?: components["schemas"]["Time"];
            until?: components["schemas"]["Time"];
            /** @description At most 500 bytes. */
            why?: string;
        };
        Account: {
            name: string;
            person: string;
            /** @description Held now, by the duty roster too. */
            roles: components["schemas"]["Role"][];
            bodies: components["schemas"]["BodyRef"][];
            disabled: boolean;
            must_change: boolean;
            second_factor: boolean;
            locked_until?: components["schemas"]["Time"];
            grants: components["schemas"]["Grant"][];
            /** @description Under way; counted for one account only, 0 in the list. */
            sessions: number;
        };
        AccountList: {
            accounts: components["schemas"]["Account"][];
        };
        Leave: {
            /** @description Although live incidents stand with the person. */
            anyway?: boolean;
        };
        Left: {
            roles: number;
            sessions: number;
            tokens: number;
            delegations: number;
            /** @description Live ones that still stand with the person: hand them over. */
            incidents: components["schemas"]["Id"][];
        };
        SessionEntry: {
            /** @description For ending it; opens nothing. */
            id: string;
            created: components["schemas"]["Time"];
            seen: components["schemas"]["Time"];
            expires: components["schemas"]["Time"];
            /** @description The kind of browser it began in, and to which it is bound. */
            agent?: string;
            /** @description The one that asks. */
            own: boolean;
        };
        SessionList: {
            sessions: components["schemas"]["SessionEntry"][];
        };
        ApiToken: {
            id: components["schemas"]["Id"];
            name: string;
            roles: components["schemas"]["Role"][];
            place?: components["schemas"]["PlaceRef"];
            network?: string;
            created: components["schemas"]["Time"];
            until: components["schemas"]["Time"];
            used?: components["schemas"]["Time"];
            revoked: boolean;
        };
        ApiTokenList: {
            tokens: components["schemas"]["ApiToken"][];
        };
        ApiTokenAsked: {
            /** @description 1 to 100 bytes. */
            name: string;
            /** @description Of those held. */
            roles: components["schemas"]["Role"][];
            /** @description Code of the place it is good for; left out: wherever the roles are held. */
            place?: string;
            /** @description As 10.1.0.0/16: the token is good from there only. */
            network?: string;
            until: components["schemas"]["Time"];
        };
        ApiTokenMade: {
            id: components["schemas"]["Id"];
            /** @description Shown once. For `Authorization: Bearer`. */
            token: string;
        };
        Delegation: {
            id: components["schemas"]["Id"];
            /** @description Who is acted for. */
            from: string;
            /** @description Who acts. */
            to: string;
            since: components["schemas"]["Time"];
            until: components["schemas"]["Time"];
            /** @enum {string} */
            consent: "own" | "witnessed";
            witness?: string;
            reason?: string;
            ended?: components["schemas"]["Time"];
            ended_by?: string;
        };
        DelegationList: {
            delegations: components["schemas"]["Delegation"][];
        };
        DelegationAsked: {
            /** @description Left out: oneself. Another: before a witness who may change the register of people. */
            from?: string;
            to: string;
            until: components["schemas"]["Time"];
            /** @description How consent was given, at most 500 bytes; needed of a witness. */
            reason?: string;
        };
        PersonAsked: {
            /** @description Empty for names of one part, or of several with a dot. */
            family_name?: string;
            given_name?: string;
            /** @description Code of a home. */
            home?: string;
            phone?: string;
            /** @description GB 11643. */
            id_number?: string;
            /** @description What helpers must know: cannot walk alone, hard of hearing. At most 600 bytes. */
            health?: string;
            /** @description Whom to call. */
            contact?: string;
            contact_phone?: string;
        };
        PersonFind: {
            /** @description A whole number; spaces and hyphens do not matter. */
            phone: string;
        };
        Person: {
            code: string;
            /** @description Down to the floor where the door is held back. */
            home?: components["schemas"]["PlaceOnPath"];
            /** @description Whole; masked where `clear` does not name it. */
            name?: string;
            /** @description What to call the person; of an incident alone. */
            first_name?: string;
            phone?: string;
            id_number?: string;
            /** @description What helpers must know. */
            health?: string;
            /** @description Whom to call; shown as the phone is. */
            contact?: string;
            contact_phone?: string;
            /** @description What is shown in clear, and so was written down. */
            clear: components["schemas"]["Item"][];
            /** @description What is not shown in clear. */
            held_back: components["schemas"]["HeldBack"][];
            changed?: components["schemas"]["Time"];
        };
        PersonList: {
            persons: components["schemas"]["Person"][];
            /** @description There are codes above the last. */
            more: boolean;
        };
        ImportFinding: {
            /** @description From 1, as a text editor counts. */
            line: number;
            /** @description The column, as the table calls it. */
            field?: string;
            code: string;
            message: components["schemas"]["Names"];
        };
        ImportReport: {
            /** @description All that was refused, also what is not listed. */
            refused_count: number;
            added: number;
            changed: number;
            unchanged: number;
            /** @description By line; a thousand at most. */
            refused: components["schemas"]["ImportFinding"][];
        };
        ReasonAsked: {
            /**
             * @description Why, where it is not one's own.
             * @enum {string}
             */
            reason?: "asked_in_person" | "asked_in_writing" | "guardian_asked" | "died" | "authority_asked";
        };
        ErasureAsked: {
            /** @description The person's code once more. */
            confirm: string;
            /**
             * @description Why, where it is not one's own.
             * @enum {string}
             */
            reason?: "asked_in_person" | "asked_in_writing" | "guardian_asked" | "died" | "authority_asked";
        };
        ErasureDone: {
            /** @description Acts that were emptied. */
            acts: number;
            /** @description Texts that cannot be read any more. */
            words: number;
            pictures: number;
        };
        Kept: {
            code: string;
            /** @description Stands in the register. */
            listed: boolean;
            accounts: number;
            /** @description Incidents they reported. */
            reported: number;
            /** @description Texts they wrote. */
            words: number;
            /** @description Pictures they added. */
            pictures: number;
            /** @description Looks at what is theirs, as records. */
            looked: number;
            /** @description Other records on them, and by them. */
            acts: number;
            delegations: number;
            may_take_out: boolean;
            may_erase: boolean;
            /** @description Why not now. */
            may_not_erase?: {
                code: string;
                zh: string;
                en: string;
            };
        };
        /** @enum {string} */
        DeviceStage: "bought" | "installed" | "in_service" | "repair" | "retired";
        /** @enum {string} */
        DeviceFinding: "silent" | "idle" | "flapping" | "low_battery" | "wrong_clock" | "tamper" | "repeating" | "flooding" | "replaying" | "shared";
        /**
         * @description passed: over before anybody took it.
         * @enum {string}
         */
        WorkState: "open" | "taken" | "done" | "dropped" | "passed";
        KeptDevice: {
            code: string;
            name: components["schemas"]["Names"];
            kind?: components["schemas"]["SignalKind"];
            is_gateway: boolean;
            place?: components["schemas"]["PlaceOnPath"];
            gateway?: string;
            stage: components["schemas"]["DeviceStage"];
            since?: components["schemas"]["Time"];
            installed?: components["schemas"]["Time"];
            bought?: components["schemas"]["Time"];
            maker?: string;
            product?: string;
            serial?: string;
            cost_fen: number;
            in_directory: boolean;
            /** @description It stands in devices.yaml, which people write. */
            by_hand: boolean;
            last_heard?: components["schemas"]["Time"];
            clock_wrong: boolean;
            has_token: boolean;
            findings: components["schemas"]["DeviceFinding"][];
            quiet_until?: components["schemas"]["Time"];
        };
        StageChoice: {
            to: string;
            allowed: boolean;
            reason?: components["schemas"]["Reason"];
        };
        DeviceMoveEntry: {
            at: components["schemas"]["Time"];
            from?: components["schemas"]["DeviceStage"];
            to: components["schemas"]["DeviceStage"];
            /** @description Code of the person. */
            by?: string;
            why?: string;
        };
        WorkEntry: {
            id: components["schemas"]["Id"];
            device: string;
            finding: components["schemas"]["DeviceFinding"];
            /** @description Code of the building it lies in. */
            building?: string;
            state: components["schemas"]["WorkState"];
            found: components["schemas"]["Time"];
            last: components["schemas"]["Time"];
            times: number;
            /** @description Work on the same that was ended while the finding went on. */
            again_of?: components["schemas"]["Id"];
            detail?: string;
            by?: string;
            taken?: components["schemas"]["Time"];
            ended?: components["schemas"]["Time"];
            ended_by?: string;
            why?: string;
            cost_fen: number;
            round?: components["schemas"]["Id"];
        };
        Work: {
            id: components["schemas"]["Id"];
            device: string;
            finding: components["schemas"]["DeviceFinding"];
            /** @description Code of the building it lies in. */
            building?: string;
            state: components["schemas"]["WorkState"];
            found: components["schemas"]["Time"];
            last: components["schemas"]["Time"];
            times: number;
            /** @description Work on the same that was ended while the finding went on. */
            again_of?: components["schemas"]["Id"];
            detail?: string;
            by?: string;
            taken?: components["schemas"]["Time"];
            ended?: components["schemas"]["Time"];
            ended_by?: string;
            why?: string;
            cost_fen: number;
            round?: components["schemas"]["Id"];
            place?: components["schemas"]["PlaceOnPath"];
            /** @description Found more than three days ago, and not ended. */
            overdue: boolean;
            /** @description What was found has ended. */
            is_over: boolean;
            choices: components["schemas"]["StageChoice"][];
        };
        WorkList: {
            work: components["schemas"]["Work"][];
        };
        WorkAsked: {
            /** @enum {string} */
            to: "taken" | "done" | "dropped";
            /** @description What was done, or why nothing was; needed to end it. */
            why?: string;
            cost_fen?: number;
        };
        Rhythm: {
            /** @description Learned of this device; else of its model, or of nothing yet. */
            own: boolean;
            gaps: number;
            usual_s: number;
            silent_after_s: number;
        };
        KeptDeviceWhole: {
            device: components["schemas"]["KeptDevice"];
            /** @description Empty where you may not change it. */
            choices: components["schemas"]["StageChoice"][];
            moves: components["schemas"]["DeviceMoveEntry"][];
            work: components["schemas"]["WorkEntry"][];
            rhythm: components["schemas"]["Rhythm"];
            /** @description A rotation is under way: until then the tokens before the newest are good, if that is not used before. */
            old_tokens_until?: components["schemas"]["Time"];
        };
        KeptDevicePage: {
            devices: components["schemas"]["KeptDevice"][];
            more: boolean;
            found: number;
            stages: {
                [key: string]: number;
            };
            findings: {
                [key: string]: number;
            };
        };
        DeviceMove: {
            to: components["schemas"]["DeviceStage"];
            /** @description 6 to 500 bytes. */
            why: string;
        };
        DeviceChange: {
            /** @description Code of a place. */
            place?: string;
            maker?: string;
            product?: string;
            serial?: string;
            bought?: components["schemas"]["Time"];
            cost_fen?: number;
        };
        TakeAsked: {
            speaker: string;
            kind: components["schemas"]["SignalKind"];
            /** @description Code of a place. */
            place: string;
            name?: string;
        };
        FoundDevice: {
            device: string;
            /** @description Code of the device whose token it came with. */
            speaker: string;
            door: string;
            kind?: components["schemas"]["SignalKind"];
            said_kind?: string;
            /** @description As it was announced; so are maker, product and parent. */
            name?: string;
            maker?: string;
            product?: string;
            /** @description The code there of what it hangs under. */
            parent?: string;
            first: components["schemas"]["Time"];
            last: components["schemas"]["Time"];
            /** @description How often somebody spoke for it; 0: it was only announced. */
            times: number;
        };
        Tray: {
            /** @description The latest first. */
            waiting: components["schemas"]["FoundDevice"][];
        };
        Tick: {
            device: string;
            at: components["schemas"]["Time"];
            by: string;
            proven: boolean;
            /** @description What is missing to prove it. */
            missing?: string;
            distance_m?: number;
            reason?: components["schemas"]["Reason"];
        };
        TickAsked: {
            device: string;
            /** @description As it was scanned. */
            code?: string;
            latitude?: number;
            longitude?: number;
        };
        Round: {
            id: components["schemas"]["Id"];
            /** @enum {string} */
            kind: "weekly" | "monthly";
            place?: components["schemas"]["PlaceOnPath"];
            from: components["schemas"]["Time"];
            due: components["schemas"]["Time"];
            /** @enum {string} */
            state: "planned" | "done" | "dropped";
            overdue: boolean;
            by?: string;
            ended?: components["schemas"]["Time"];
            ended_by?: string;
            /** @description Devices on it. */
            count: number;
            proven: number;
            unproven: number;
            /** @description Of one round that was asked for. */
            devices: components["schemas"]["KeptDevice"][];
            ticks: components["schemas"]["Tick"][];
        };
        RoundList: {
            rounds: components["schemas"]["Round"][];
        };
        RoundAsked: {
            /** @enum {string} */
            kind: "weekly" | "monthly";
            place: string;
            due: components["schemas"]["Time"];
        };
        QuietWindow: {
            id: components["schemas"]["Id"];
            devices: string[];
            from: components["schemas"]["Time"];
            until: components["schemas"]["Time"];
            by: string;
            why: string;
        };
        QuietList: {
            windows: components["schemas"]["QuietWindow"][];
        };
        QuietAsked: {
            /** @description 1 to 500 codes. */
            devices: string[];
            from?: components["schemas"]["Time"];
            until: components["schemas"]["Time"];
            why: string;
        };
        UpkeepGroup: {
            key: string;
            devices: number;
            idle: number;
            /** @description Found in the last 365 days. */
            faults: number;
            repaired: number;
            repair_hours_mean?: number;
            upkeep_fen: number;
            bought_fen: number;
        };
        UpkeepFigures: {
            at: components["schemas"]["Time"];
            devices: number;
            idle: number;
            idle_share: number;
            /** @description What the plan found. */
            idle_share_planned: number;
            /** @description Faults a device and year; missing in the first month: too little has been seen. */
            fault_rate?: number;
            repair_hours_mean?: number;
            upkeep_fen: number;
            by_kind: components["schemas"]["UpkeepGroup"][];
            by_maker: components["schemas"]["UpkeepGroup"][];
            /** @description Years since it was put up. */
            by_age: components["schemas"]["UpkeepGroup"][];
        };
    };
    responses: {
        /** @description Something in the request is wrong. */
        E400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Not signed in, or the token is not known. */
        E401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Not allowed for you. */
        E403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description There is no such thing. */
        E404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Not possible in the present state. */
        E409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description It was there, and is gone for good. */
        E410: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Too large. */
        E413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description This content type is not taken. */
        E415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description A value cannot be accepted. */
        E422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Only for WebSocket. */
        E426: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Busy, or too many attempts; see `Retry-After`. */
        E429: {
            headers: {
                /** @description Seconds. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
        /** @description Not written down; send again. */
        E503: {
            headers: {
                /** @description Seconds. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: {
        /** @description Always 1. Needed when the cookie is what signs the request. */
        Csrf: "1";
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready and storing. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Not ready, or not storing. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It runs, whatever its disk does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Live"];
                };
            };
        };
    };
    getReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready and storing. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Not ready, or not storing. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getOpenapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    getErrors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The catalogue. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorCatalogue"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus text */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: components["responses"]["E401"];
            503: components["responses"]["E503"];
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Signed in. The cookie `shoumen_session` is set as well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The password is right, and a second step is asked for. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HalfSession"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    secondStep: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecondStep"];
            };
        };
        responses: {
            /** @description Signed in. The cookie `shoumen_session` is set as well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    getSecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whether there is one. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactor"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    confirmSecondFactor: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeSaid"];
            };
        };
        responses: {
            /** @description The recovery codes are shown once. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    beginSecondFactor: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordSaid"];
            };
        };
        responses: {
            /** @description The secret is shown once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Enrolment"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    removeSecondFactor: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordAndCode"];
            };
        };
        responses: {
            /** @description Off. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    resetSecondFactor: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Name of the account. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Off. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    getWaysIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is set up here. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaysIn"];
                };
            };
        };
    };
    sendCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PhoneSaid"];
            };
        };
        responses: {
            /** @description If an account has the number, a code is on its way: six digits, five minutes. The answer is the same where none has. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    signInByCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PhoneAndCode"];
            };
        };
        responses: {
            /** @description Signed in. The cookie `shoumen_session` is set as well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A second step is asked for. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HalfSession"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    finishSignOn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignOnReturn"];
            };
        };
        responses: {
            /** @description Signed in. The cookie `shoumen_session` is set as well. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A second step is asked for. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HalfSession"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    beginSignOn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where the browser goes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignOnBegun"];
                };
            };
            400: components["responses"]["E400"];
            409: components["responses"]["E409"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    getAccountWays: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the account. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is linked to it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountWays"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            503: components["responses"]["E503"];
        };
    };
    setPhone: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Name of the account. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PhoneSaid"];
            };
        };
        responses: {
            /** @description Set. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    removePhone: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Name of the account. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    linkSignOn: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Name of the account. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubjectSaid"];
            };
        };
        responses: {
            /** @description Linked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    unlinkSignOn: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Name of the account. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Unlinked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Changed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listIncidents: {
        parameters: {
            query?: {
                /** @description 1: only those that have not ended. */
                live?: "0" | "1";
                /** @description States, separated by commas. */
                state?: string;
                /** @description Severities, separated by commas. */
                severity?: string;
                /** @description Only ids below this one. */
                before?: components["schemas"]["Id"];
                /** @description At most so many. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentList"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    reportIncident: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
                /** @description Up to 128 printable characters. Sent again with the same key by the same account, the request acts once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Report"];
            };
        };
        responses: {
            /** @description Opened, with an owner and deadlines. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Opened"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    getIncident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that is known of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentDetail"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            503: components["responses"]["E503"];
        };
    };
    act: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
                /** @description Up to 128 printable characters. Sent again with the same key by the same account, the request acts once. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: components["schemas"]["Id"];
                /** @description Any action but `report` and `add_evidence`, which have their own addresses. */
                action: components["schemas"]["Action"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ActionBody"];
            };
        };
        responses: {
            /** @description The incident afterwards. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentDetail"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    addEvidence: {
        parameters: {
            query: {
                phase: components["schemas"]["EvidencePhase"];
            };
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        /** @description The bytes of the picture, at most 20 MB. */
        requestBody: {
            content: {
                "image/jpeg": string;
                "image/png": string;
                "image/webp": string;
            };
        };
        responses: {
            /** @description The incident afterwards. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentDetail"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    getEvidence: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: components["schemas"]["Sha256"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture, upright and without what the camera wrote beside it (position, maker, small pictures); the hash in the address is of the sealed original. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/png": string;
                    "image/webp": string;
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            410: components["responses"]["E410"];
            503: components["responses"]["E503"];
        };
    };
    showIncident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShowAsked"];
            };
        };
        responses: {
            /** @description The incident with them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentDetail"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            503: components["responses"]["E503"];
        };
    };
    listActs: {
        parameters: {
            query?: {
                /** @description What it was done to: `person:CODE`, `account:NAME`, `incident:ID`. */
                subject?: string;
                /** @description Code of the person who did it. */
                actor?: string;
                /** @description Only ids below this one. */
                before?: components["schemas"]["Id"];
                /** @description At most so many. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The acts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActList"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    getReceipt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The receipt. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            503: components["responses"]["E503"];
        };
    };
    getLedger: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ledger"];
                };
            };
            401: components["responses"]["E401"];
            503: components["responses"]["E503"];
        };
    };
    getRetention: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The spans. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retention"];
                };
            };
            401: components["responses"]["E401"];
            503: components["responses"]["E503"];
        };
    };
    postCosignature: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/plain": string;
            };
        };
        responses: {
            /** @description Taken, and on disk. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    postWitnessReport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/plain": string;
            };
        };
        responses: {
            /** @description Taken, and on disk. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listQuarantine: {
        parameters: {
            query?: {
                /** @description Only ids below this one. */
                before?: components["schemas"]["Id"];
                /** @description At most so many. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuarantineList"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    listDevices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The devices. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceList"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    listPrecision: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By rule, device and scene; of devices that may be seen. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PrecisionList"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    commandDevice: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Code of the device. */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceCommand"];
            };
        };
        responses: {
            /** @description Recorded, and handed to the device's connection. Whether the device did it, its signals say. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceCommandSent"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    rotateDeviceToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Code of the device. */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceTokenRotation"];
            };
        };
        responses: {
            /** @description The new token, shown once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceTokenRotated"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    issueDeviceToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Code of the device. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token. Earlier ones stay valid until revoked. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceToken"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    revokeDeviceTokens: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Code of the device. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    certifyDevice: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Code of the device. */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CertificateRequest"];
            };
        };
        responses: {
            /** @description The certificate. It is worth what a token is, and is revoked with the device's tokens. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceCertificate"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    getPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The policy in force. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    activatePolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyActivation"];
            };
        };
        responses: {
            /** @description On disk and in force. The version is that of before where nothing has changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyVersion"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    getPolicyFiles: {
        parameters: {
            query?: {
                /** @description Left out: the one in force. */
                version?: components["schemas"]["Id"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As they came in. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyFiles"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listPolicyVersions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The versions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyVersionList"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    checkPolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommunityDirectory"];
            };
        };
        responses: {
            /** @description The findings, by file and line; none: it may take force. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindingList"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    tryPolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyTrial"];
            };
        };
        responses: {
            /** @description It is under way: ask for the task. One at a time, another is answered 429. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listRules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rules. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleList"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listTasks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest 50. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskList"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    getTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            503: components["responses"]["E503"];
        };
    };
    cancelTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will end soon; one that had ended stays as it was. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            503: components["responses"]["E503"];
        };
    };
    listAccounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountList"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    addAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAccount"];
            };
        };
        responses: {
            /** @description Added. The password is shown once and must be changed at the first sign-in. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneTimePassword"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            410: components["responses"]["E410"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listWiderSights: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WiderSightList"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    openWiderSight: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonSaid"];
            };
        };
        responses: {
            /** @description Open. The administrators are told. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WiderSight"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    closeWiderSight: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                id: components["schemas"]["Id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    getCoverage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Against coverage.yaml; of places whose devices I may see. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Coverage"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    getRoster: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By body, then by time; of the bodies whose duty I may see. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Roster"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    sendSignals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Signals"];
            };
        };
        responses: {
            /** @description On disk. Signals with a code lie in quarantine. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignalReceipt"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    sendTelemetry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The device's token. It stands in the address since cameras and platforms send no header of ours: use HTTPS. */
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description On disk. What a map could not read lies in quarantine, and need not be sent again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignalReceipt"];
                };
            };
            401: components["responses"]["E401"];
            413: components["responses"]["E413"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    sendAttributes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The device's token. It stands in the address since cameras and platforms send no header of ours: use HTTPS. */
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description On disk. What a map could not read lies in quarantine, and need not be sent again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignalReceipt"];
                };
            };
            401: components["responses"]["E401"];
            413: components["responses"]["E413"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    pushEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The device's token. It stands in the address since cameras and platforms send no header of ours: use HTTPS. */
                token: string;
                /** @description Whose form it is, as the maps call it: hikvision, dahua, onvif, ctwing, onenet, charging. */
                source: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "*/*": string;
            };
        };
        responses: {
            /** @description On disk. What a map could not read lies in quarantine, and need not be sent again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignalReceipt"];
                };
            };
            401: components["responses"]["E401"];
            413: components["responses"]["E413"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    pushEventOfPart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The device's token. It stands in the address since cameras and platforms send no header of ours: use HTTPS. */
                token: string;
                /** @description Whose form it is, as the maps call it: hikvision, dahua, onvif, ctwing, onenet, charging. */
                source: string;
                /** @description What of it, where a map tells several apart: channels. */
                part: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "*/*": string;
            };
        };
        responses: {
            /** @description On disk. What a map could not read lies in quarantine, and need not be sent again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignalReceipt"];
                };
            };
            401: components["responses"]["E401"];
            413: components["responses"]["E413"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    tryMaps: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MapTry"];
            };
        };
        responses: {
            /** @description What was made of it. Nothing is kept, and nothing alerts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MapTried"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            503: components["responses"]["E503"];
        };
    };
    follow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each text frame is one LiveMessage. Sign in by the cookie, or offer the subprotocols `shoumen.v1` and `shoumen.bearer.TOKEN`; the first one is chosen. A client too slow to follow is closed with 1013: reload the list and connect again. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveMessage"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            426: components["responses"]["E426"];
        };
    };
    getAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the account. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            503: components["responses"]["E503"];
        };
    };
    giveRole: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Name of the account. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GrantAsked"];
            };
        };
        responses: {
            /** @description Given. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Grant"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            410: components["responses"]["E410"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    endRole: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Name of the account. */
                name: string;
                /** @description Its id, as the list says it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            410: components["responses"]["E410"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    resetPassword: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Name of the account. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The password is shown once and must be changed at the next sign-in. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneTimePassword"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            410: components["responses"]["E410"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    unlockAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Name of the account. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forgotten. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            410: components["responses"]["E410"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    leaveAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Name of the account. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Leave"];
            };
        };
        responses: {
            /** @description What has ended, and which live incidents still stand with the person. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Left"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            410: components["responses"]["E410"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listSessionsOf: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the account. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            503: components["responses"]["E503"];
        };
    };
    endSessionsOf: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Name of the account. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            410: components["responses"]["E410"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    endSessionOf: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Name of the account. */
                name: string;
                /** @description Its id, as the list says it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            410: components["responses"]["E410"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listTokensOf: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the account. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiTokenList"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            503: components["responses"]["E503"];
        };
    };
    revokeTokenOf: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Name of the account. */
                name: string;
                /** @description Its id, as the list says it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            410: components["responses"]["E410"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    endSessions: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Its id, as the list says it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiTokenList"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    makeToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiTokenAsked"];
            };
        };
        responses: {
            /** @description The token is shown once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiTokenMade"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Its id, as the list says it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listDelegations: {
        parameters: {
            query?: {
                /** @description Code of another person; for witnesses and who may see accounts. */
                of?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DelegationList"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    giveDelegation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DelegationAsked"];
            };
        };
        responses: {
            /** @description Given. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delegation"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    endDelegation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Its id, as the list says it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listPersons: {
        parameters: {
            query?: {
                /** @description Code of a place: who lives within. */
                place?: string;
                /** @description Page: codes above this one. */
                after?: string;
                /** @description 1 to 1,000; 200 if left out. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonList"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            422: components["responses"]["E422"];
            503: components["responses"]["E503"];
        };
    };
    findPersons: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonFind"];
            };
        };
        responses: {
            /** @description Those whom you may know of, fifty at most. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonList"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    importPersons: {
        parameters: {
            query?: {
                /** @description 1: nothing is taken in, only checked. */
                check?: "0" | "1";
            };
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description What became of each line. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportReport"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    getPersonEntry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of the person. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As far as you may see it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            404: components["responses"]["E404"];
            503: components["responses"]["E503"];
        };
    };
    putPerson: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description 1 to 64 letters, digits and . _ -; opaque, never a name. */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonAsked"];
            };
        };
        responses: {
            /** @description Changed, or as it was. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
            /** @description New. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            410: components["responses"]["E410"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    showPerson: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Code of the person. */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShowAsked"];
            };
        };
        responses: {
            /** @description The entry with them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            503: components["responses"]["E503"];
        };
    };
    countKept: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of the person. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How much of each. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Kept"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            503: components["responses"]["E503"];
        };
    };
    takeOutKept: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Code of the person. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReasonAsked"];
            };
        };
        responses: {
            /** @description The archive. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    erasePerson: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Code of the person. */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ErasureAsked"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureDone"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            410: components["responses"]["E410"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listKeptDevices: {
        parameters: {
            query?: {
                /** @description Words to be found in code, name, kind, place, maker, model or serial; all of them. */
                q?: string;
                /** @description Of this stage alone; left out: all but retired. */
                stage?: components["schemas"]["DeviceStage"];
                /** @description With this finding alone; any: with some. */
                finding?: string;
                /** @description Code of a place: what hangs within it. */
                place?: string;
                /** @description Page: codes above this one. */
                after?: string;
                /** @description 1 to 1,000; 100 where it is left out. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptDevicePage"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            422: components["responses"]["E422"];
            503: components["responses"]["E503"];
        };
    };
    importDevices: {
        parameters: {
            query?: {
                /** @description 1: nothing is taken in, only checked. */
                check?: "0" | "1";
            };
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description What became of each line. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportReport"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    getKeptDevice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of the device. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptDeviceWhole"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            422: components["responses"]["E422"];
            503: components["responses"]["E503"];
        };
    };
    putKeptDevice: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Code of the device. */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceChange"];
            };
        };
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptDeviceWhole"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    moveDevice: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Code of the device. */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceMove"];
            };
        };
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptDeviceWhole"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listTray: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tray"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    takeInDevice: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Code of the device. */
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TakeAsked"];
            };
        };
        responses: {
            /** @description It is in the directory, and put up. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptDeviceWhole"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    leaveDevice: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Code of the device. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It waits no more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listWork: {
        parameters: {
            query?: {
                /** @description live (open or taken; where it is left out), open, taken, done, dropped, passed. */
                state?: string;
                /** @description Code of a place: within it. */
                place?: string;
                /** @description 1 to 1,000; 500 where it is left out. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkList"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            422: components["responses"]["E422"];
            503: components["responses"]["E503"];
        };
    };
    workOn: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Its number. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkAsked"];
            };
        };
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Work"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listRounds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoundList"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    planRound: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoundAsked"];
            };
        };
        responses: {
            /** @description It is planned; the one after it is planned when this one ends. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Round"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    getRound: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its number. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Round"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            503: components["responses"]["E503"];
        };
    };
    tickDevice: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Its number. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TickAsked"];
            };
        };
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tick"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    endRound: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Its number. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Round"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            409: components["responses"]["E409"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    listQuiet: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuietList"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
    beginQuiet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuietAsked"];
            };
        };
        responses: {
            /** @description Alerts of these devices are held back; what still holds when it ends is raised then. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuietWindow"];
                };
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            409: components["responses"]["E409"];
            413: components["responses"]["E413"];
            415: components["responses"]["E415"];
            422: components["responses"]["E422"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    endQuiet: {
        parameters: {
            query?: never;
            header?: {
                /** @description Always 1. Needed when the cookie is what signs the request. */
                "X-Shoumen"?: components["parameters"]["Csrf"];
            };
            path: {
                /** @description Its number. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Alerts are raised again. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["E400"];
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            404: components["responses"]["E404"];
            429: components["responses"]["E429"];
            503: components["responses"]["E503"];
        };
    };
    getUpkeepFigures: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpkeepFigures"];
                };
            };
            401: components["responses"]["E401"];
            403: components["responses"]["E403"];
            503: components["responses"]["E503"];
        };
    };
}
