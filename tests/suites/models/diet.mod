# expect optimal 172/7 verified
set Food; set Nutrient;
param cost{Food} >= 0; param least{Nutrient}; param holds{Food, Nutrient};
var buy{Food} real >= 0;
minimize total: sum{f in Food} cost[f] * buy[f];
s.t. enough{n in Nutrient}: sum{f in Food} holds[f,n] * buy[f] >= least[n];
data;
set Nutrient := energy protein;
param : Food : cost := bread 2 milk 7/2 beans 12/5;
param least := energy 30 protein 20;
param holds : energy protein := bread 3 1 milk 2 2 beans 2 3;
end;
