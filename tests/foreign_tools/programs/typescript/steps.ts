// What the example programs share: their settings, and steps that print one line each.

export const baseUrl = process.env.BASE_URL!;
export const apiKey = process.env.API_KEY!;
export const carrier = process.env.CARRIER!;
export const created = process.env.CREATED!;
export const known = process.env.KNOWN!;
export const unknown = process.env.UNKNOWN!;

export const isErrorCode = (code: number) => code !== 200 && code !== 201;
export const failure = (body: { meta: { code: number } }) => `error ${body.meta.code}`;

export async function run(steps: Record<string, () => Promise<string | number>>) {
  for (const [name, step] of Object.entries(steps)) {
    const result = step().catch((error: unknown) => `raised ${String(error).split("\n")[0]}`);
    console.log(`${name}: ${await result}`);
  }
}
