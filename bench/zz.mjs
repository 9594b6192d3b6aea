import { scene } from "./scene.mjs"; import { createRefiner } from "../dist/sdk.js"; import { mkdtempSync } from "node:fs";
const refiner = await createRefiner({ cacheDir: mkdtempSync("/tmp/zz-"), device: "cpu" });
const w=Number(process.argv[2]??640);const { photo, coarse } = await scene(w);
const all=[];for(let i=0;i<40;i++){const t=performance.now();const r=await refiner.refine({ image: photo, mask: coarse });const a=performance.now();r.toPNG();const b=performance.now();if(i>4)all.push([b-t,r.timings.read,r.timings.encode,r.timings.decode,r.timings.method,b-a]);if(i===39)console.log(r.regions[0].iterations.map(i=>i.source[0]+(i.accepted?"+":"-")).join(""));}
const med=k=>all.map(x=>x[k]).sort((a,b)=>a-b)[all.length>>1].toFixed(1);console.log("total",med(0),"read",med(1),"encode",med(2),"decode",med(3),"method",med(4),"png",med(5));
await refiner.close();
