// orval takes the shop's address when it generates.
module.exports = {
  shop: {
    input: "./openapi.json",
    output: {
      target: "orval_client/client.ts",
      client: "fetch",
      baseUrl: process.env.SHOP_URL,
    },
  },
};
