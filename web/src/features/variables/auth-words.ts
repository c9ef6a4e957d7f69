import type { ApiAuth } from "../../../../domain/contract/api-resource.ts";

export const AUTH_WORDS: Record<ApiAuth, string> = {
  none: "None",
  bearer: "Bearer token",
  api_key: "API key",
  basic: "User name and password",
  custom: "Secret headers",
};
