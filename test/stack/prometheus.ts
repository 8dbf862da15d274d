/** Asks Prometheus for a number. @returns the sum of what the query finds, 0 for nothing */
export async function askPrometheus(url: string, query: string): Promise<number> {
  const path = `/api/v1/query?${new URLSearchParams({ query })}`;
  const answer = await fetch(new URL(path, url)).catch((cause) => {
    throw new Error(`Prometheus does not answer at ${url}`, { cause });
  });
  if (!answer.ok) throw new Error(`Prometheus answers ${answer.status}: ${await answer.text()}`);
  const { data } = (await answer.json()) as {
    data: { result: readonly { value: readonly [time: number, value: string] }[] };
  };
  return data.result.reduce((sum, { value }) => sum + Number(value[1]), 0);
}
