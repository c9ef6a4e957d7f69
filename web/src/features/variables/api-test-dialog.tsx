import { Button, Modal, NativeSelect, TextInput, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { API_METHODS, type ApiResource, type ApiTest } from "../../../../domain/contract/api-resource.ts";
import { Note } from "../../components/states.tsx";
import { errorText, sentence } from "../../lib/errors.ts";
import { keys } from "../../lib/keys.ts";
import { jsonFault } from "./value.tsx";
import { testApi } from "./variables-api.ts";
import "../devices/devices.css";

/** Asks the API now, and shows what a variable would become. */
export function ApiTestDialog({ resource, onClose }: { resource: ApiResource; onClose: () => void }) {
  const client = useQueryClient();
  const [endpoint, setEndpoint] = useState("");
  const [method, setMethod] = useState<(typeof API_METHODS)[number]>("GET");
  const [body, setBody] = useState("");
  const [path, setPath] = useState("");
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<ApiTest | null>(null);
  const [refusal, setRefusal] = useState<unknown>(null);
  const sends = method !== "GET" && body.trim() !== "";
  const faulty = sends ? jsonFault(body) : undefined;
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    setResult(null);
    try {
      const given: unknown = sends ? JSON.parse(body) : undefined;
      const call = { endpoint, method, ...(path.trim() === "" ? {} : { json_path: path.trim() }) };
      setResult(await testApi(resource.id, given === undefined ? call : { ...call, body: given }));
      await client.invalidateQueries({ queryKey: keys.apiResources });
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={`Test ${resource.name}`} size={560}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <div className="ns-form2">
          <NativeSelect
            label="Method"
            data={[...API_METHODS]}
            value={method}
            onChange={(event) => setMethod(API_METHODS.find((m) => m === event.currentTarget.value) ?? "GET")}
          />
          <TextInput
            label="JSON path"
            description="Empty for the whole answer"
            placeholder="$.results[0].asn"
            autoComplete="off"
            spellCheck={false}
            classNames={{ input: "mono" }}
            value={path}
            onChange={(event) => setPath(event.currentTarget.value)}
          />
        </div>
        <TextInput
          label="Endpoint"
          description={`Behind ${resource.base_url}`}
          placeholder="/dcim/sites/?slug=fra"
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          classNames={{ input: "mono" }}
          value={endpoint}
          onChange={(event) => setEndpoint(event.currentTarget.value)}
        />
        {method !== "GET" && (
          <Textarea
            label="Body, as JSON"
            autosize
            minRows={2}
            maxRows={8}
            spellCheck={false}
            classNames={{ input: "mono" }}
            value={body}
            error={faulty}
            onChange={(event) => setBody(event.currentTarget.value)}
          />
        )}
        {refusal !== null && (
          <Note kind="bad" icon="cross" head="Not asked." alert>
            {errorText(refusal)}
          </Note>
        )}
        {result && <Result test={result} />}
        <div className="row g6 w">
          <span className="sm t3">Asked from here, within the allow-list.</span>
          <span className="row g6 end">
            <Button variant="subtle" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" variant="filled" loading={busy} disabled={faulty !== undefined}>
              Test
            </Button>
          </span>
        </div>
      </form>
    </Modal>
  );
}

function Result({ test }: { test: ApiTest }) {
  const took = `${test.status === null ? "" : `Status ${test.status}, `}${test.latency_ms} ms`;
  if (test.error)
    return (
      <Note kind="bad" icon="cross" head={<code>{test.error.code}</code>} alert>
        {sentence(test.error.message)} {test.error.what_to_do} <span className="t3 num">{took}</span>
      </Note>
    );
  return (
    <div className="stack" role="status">
      <Note kind="ok" icon="tick" head="It answers.">
        <span className="num">{took}</span>
      </Note>
      <pre className="ns-card cb mono sm ns-api-value" tabIndex={0} role="region" aria-label="The value">
        {JSON.stringify(test.value, null, 2)}
      </pre>
    </div>
  );
}
