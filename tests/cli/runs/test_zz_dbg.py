import sys
sys.path.insert(0,'/work/main')
from tests.cli.runs.conftest import *
import bridge.cli.watching as w
N=[0]
class P:
    def tell(self,e):
        if e.what!='request' or 1:
            N[0]+=1
            if N[0]<160 : print(e.what,{k:(str(v)[:60]) for k,v in e.details.items() if k in('side','operation','purpose','seconds','reason','done','total','rows','status')}, Hurried.ahead.total_seconds(), file=sys.__stderr__)
def test_x(pair, hurried, monkeypatch):
    w.Lines=P
    k=pair.sandbox.kore
    import os
    if os.environ.get("PIN"):
        with k.time.pinned(k.time.now()): pair.seed(kore=30,v2=0)
    else: pair.seed(kore=30, v2=0)
    limits = ['unobserved = "probe"', "page_size = 2", "limits = [{calls = 20, seconds = 60}]"]
    pair.configure(kore=limits)
    print(pair.quietly("backfill","--dry-run").code)
