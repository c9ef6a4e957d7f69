import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const api = "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // The CSP has no data: for fonts and images, so nothing is inlined.
    assetsInlineLimit: 0,
    target: "es2022",
  },
  server: {
    proxy: {
      // The API compares Origin with its own address; the dev server stands in for it.
      "/api": { target: api, headers: { origin: api } },
    },
  },
});
