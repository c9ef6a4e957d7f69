import { METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from "@temporalio/common";
import proto from "@temporalio/proto";
import type { Vault } from "./vault.ts";

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;
const ENCODING = "binary/encrypted";
const ABOUT = "temporal";

/**
 * Seals every payload that goes into a workflow's history. What is in there is ids and short statuses; sealed, it tells
 * nothing even so to whoever reads the engine's database.
 */
export function payloadCodec(vault: Vault): PayloadCodec {
  return {
    encode: (payloads) =>
      Promise.resolve(
        payloads.map((payload) => ({
          metadata: { [METADATA_ENCODING_KEY]: Buffer.from(ENCODING), key: Buffer.from(vault.keyId) },
          data: vault.seal(PayloadMessage.encode(payload).finish(), ABOUT),
        })),
      ),
    decode: (payloads) =>
      Promise.resolve(
        payloads.map((payload): Payload => {
          const encoding = payload.metadata?.[METADATA_ENCODING_KEY];
          if (!encoding || Buffer.from(encoding).toString() !== ENCODING) return payload;
          return PayloadMessage.decode(vault.open(payload.data ?? new Uint8Array(), ABOUT));
        }),
      ),
  };
}
