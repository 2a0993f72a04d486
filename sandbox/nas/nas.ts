import type { EventEmitter } from 'node:events';
import type { AttributeName } from '#connectors/freeradius/packet/dictionary.ts';

export type LoginMethod = 'pap' | 'chap' | 'mschapv2';

/** What a modem dials with. */
export type Dial = {
  readonly username: string;
  readonly password: string;
  readonly method: LoginMethod;
  /** Sent as `AA:BB:CC:DD:EE:FF`, whatever its notation here. */
  readonly mac: string;
  /** NAS-Port-Id: the interface that the modem is behind. */
  readonly port?: string;
};

/** A line that is online. Its figures are as of now; the object is the same as long as the session lives. */
export type Session = {
  /** Eight hex digits, lower case, as RouterOS writes them; unique per NAS and boot. */
  readonly id: string;
  readonly username: string;
  readonly mac: string;
  readonly portId: string;
  readonly nasPort: number;
  readonly framedAddress: string;
  readonly startedAt: Date;
  readonly rateLimit: string | null;
  readonly addressList: string | null;
  readonly sessionTimeoutSeconds: number | null;
  readonly inputOctets: bigint;
  readonly outputOctets: bigint;
};

export type AttributeTexts = Readonly<Partial<Record<AttributeName, readonly string[]>>>;

export type LoginResult = {
  readonly accepted: boolean;
  /** What the reply carried, by FreeRADIUS's names; numbers in decimal, bytes as `0x…`. */
  readonly attributes: AttributeTexts;
  /** No answer came, or none that the NAS believes. */
  readonly silent?: boolean;
  readonly session?: Session;
};

export type OrderAnswer = 'ack' | { readonly nak: number } | 'silence';

/** A packet that reached the NAS's CoA port. */
export type ReceivedOrder = {
  readonly kind: 'disconnect' | 'coa' | 'nonsense';
  readonly at: Date;
  readonly from: { readonly address: string; readonly port: number };
  readonly bytes: Buffer;
  readonly attributes: AttributeTexts;
  readonly messageAuthenticator: 'valid' | 'invalid' | 'absent';
  readonly answer: OrderAnswer;
};

/** Bad manners that a NAS can be told to have; all of them can be taken back. */
export type Behaviour = {
  /** Hears everything, answers nothing, does nothing. */
  readonly deaf: boolean;
  /** Time until an order is looked at. */
  readonly delayMs: number;
  /** ACKs a Disconnect or CoA and leaves all as it is. */
  readonly ackWithoutEffect: boolean;
  /** Error-Cause of a NAK that every right order gets; null: as it should be. */
  readonly nak: number | null;
  /** Time between an Access-Accept and the Start record of the session that it began. */
  readonly startDelayMs: number;
  /** Sessions end without a Stop record, as after a loss of power. */
  readonly noStop: boolean;
  /** Takes orders as signed with another secret: drops them. */
  readonly wrongSecret: boolean;
  /** The modem dials again after a Disconnect, until it is let in. */
  readonly autoRelogin: boolean;
};

/** Acct-Terminate-Cause (RFC 2866 §5.10). */
export const terminateCauses = {
  'User-Request': 1,
  'Lost-Carrier': 2,
  'Idle-Timeout': 4,
  'Session-Timeout': 5,
  'Admin-Reset': 6,
  'NAS-Reboot': 11,
} as const;
export type TerminateCause = keyof typeof terminateCauses;

export type NasEvents = {
  /** After the accounting Start. */
  login: [Session];
  /** After a Disconnect had its effect and the Stop was accounted (or left out by `noStop`). */
  disconnect: [Session];
  /** Every packet on the CoA port, once it is answered or dropped. */
  order: [ReceivedOrder];
};

export type NasOptions = {
  /** Its own address, from which all its packets come: 127.0.0.x. */
  readonly address: string;
  /** UDP port for Disconnect and CoA; 0: a free one. */
  readonly coaPort: number;
  readonly secret: string;
  readonly radius: {
    readonly host: string;
    readonly authPort: number;
    readonly acctPort: number;
    /** Wait for one answer (1000), and how often a request is sent in all (3). */
    readonly timeoutMs?: number;
    readonly tries?: number;
  };
  /** What it says it is; default `nas-` and its address. */
  readonly nasIdentifier?: string;
  /** NAS-IP-Address that it claims; default its own address. A router may name a LAN address here. */
  readonly claimedAddress?: string;
  /** PPPoE service, sent as Called-Station-Id; default `internet`. */
  readonly serviceName?: string;
  /** An Interim-Update of each session as often as this; default never by itself. */
  readonly interimSeconds?: number;
  /** Drops Access replies without Message-Authenticator, as RouterOS does since 7.15; default true. */
  readonly requireMessageAuthenticator?: boolean;
};

/** A PPPoE concentrator with the manners of RouterOS, on real packets. */
export type Nas = {
  readonly address: string;
  readonly coaPort: number;
  readonly events: EventEmitter<NasEvents>;
  login(dial: Dial): Promise<LoginResult>;
  /** Sends an Interim-Update with these totals. Answers whether the server confirmed it; so do the next three. */
  interim(session: Session, totals: { readonly inputOctets: bigint; readonly outputOctets: bigint }): Promise<boolean>;
  logout(session: Session, cause?: TerminateCause): Promise<boolean>;
  /** All sessions are lost without a Stop; an Accounting-On follows. */
  reboot(): Promise<boolean>;
  sessions(): readonly Session[];
  received(): readonly ReceivedOrder[];
  behaviour(change: Partial<Behaviour>): void;
  close(): Promise<void>;
};
