export default {
  api: {
    input: process.env.CONTRACT,
    output: {
      target: "out/api.ts",
      client: "fetch",
      baseUrl: { runtime: "process.env.BASE_URL" },
    },
  },
};
