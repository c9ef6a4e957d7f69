import type { Pool } from "../../db/client.ts";

/** Makes each block that is set from now on last an hour longer, so that a slow machine does not sit it out. */
export async function lengthenBlocks(pool: Pool): Promise<void> {
  await pool.unsafe(`
    create or replace function lengthen_block() returns trigger language plpgsql as $$
    begin
      if new.blocked_until > now() then new.blocked_until := new.blocked_until + interval '1 hour'; end if;
      return new;
    end $$;
    create or replace trigger lengthen_block before insert or update on login_failures for each row execute function lengthen_block();`);
}

export async function shortenBlocks(pool: Pool): Promise<void> {
  await pool.unsafe("drop trigger lengthen_block on login_failures");
}
