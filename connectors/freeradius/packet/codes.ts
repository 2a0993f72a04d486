/** Packet codes of RFC 2865, RFC 2866 and RFC 5176, as far as the hub and its stand-in NAS speak them. */
export const codes = {
  accessRequest: 1,
  accessAccept: 2,
  accessReject: 3,
  accountingRequest: 4,
  accountingResponse: 5,
  accessChallenge: 11,
  disconnectRequest: 40,
  disconnectAck: 41,
  disconnectNak: 42,
  coaRequest: 43,
  coaAck: 44,
  coaNak: 45,
} as const;

const answers: ReadonlyMap<number, readonly number[]> = new Map<number, readonly number[]>([
  [codes.accessRequest, [codes.accessAccept, codes.accessReject, codes.accessChallenge]],
  [codes.accountingRequest, [codes.accountingResponse]],
  [codes.disconnectRequest, [codes.disconnectAck, codes.disconnectNak]],
  [codes.coaRequest, [codes.coaAck, codes.coaNak]],
]);

/** Whether a packet with code `answer` may answer a request with code `request`. */
export const answersTo = (request: number, answer: number): boolean => answers.get(request)?.includes(answer) ?? false;
