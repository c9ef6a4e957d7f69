import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { devicesQuery } from "../devices/queries.ts";

const FEW = 20;

/** One device, by a part of its name; or none. */
export function DevicePick({ value, onChange }: { value: string | null; onChange: (name: string | null) => void }) {
  const [words, setWords] = useState("");
  const [search] = useDebouncedValue(words === value ? "" : words.trim(), 200);
  const found = useQuery({
    ...devicesQuery({ search, sort: "name", limit: FEW }),
    placeholderData: keepPreviousData,
  }).data?.devices;
  const names = (found ?? []).map((device) => device.name);
  return (
    <Select
      searchable
      clearable
      label="Render for"
      placeholder="no device: only what is set here"
      nothingFoundMessage="No such device"
      data={[...new Set([...(value === null ? [] : [value]), ...names])]}
      filter={({ options }) => options}
      value={value}
      onSearchChange={setWords}
      onChange={onChange}
    />
  );
}
