import { api } from "../lib/api.ts";
import { toast } from "../lib/toast.tsx";

/** A full load afterwards: nothing of the last person stays in memory. */
export async function signOut(): Promise<void> {
  try {
    await api.post("/auth/logout");
    location.assign("/login?out=1");
  } catch (error) {
    toast.error(error);
  }
}
