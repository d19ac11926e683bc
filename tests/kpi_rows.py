"""The rows of the department, table by table, as files would hold them.

Mostly 2026Q3. 2025Q3 is what growth compares with; 2026Q2 has what divides by zero or is blank.
"""

ROWS = {
    "market_size": """\
market_id,measured_on,product,region,market_sales,owner
m1,2026-09-30,A,east,1000,ann
m2,2026-09-30,B,east,3000,bo
m3,2025-09-30,A,east,800,ann
m4,2025-09-30,B,east,1200,bo
m5,2026-06-30,A,east,0,ann
m6,2026-06-30,B,east,,bo
""",
    "orders": """\
order_id,ordered_on,customer_id,order_number,product,new_product,amount,cost,owner
o1,2026-07-05,c1,1,A,true,300,180,ann
o2,2026-07-20,c1,2,A,true,100,70,ann
o3,2026-08-10,c2,1,B,false,400,300,cy
o4,2026-08-20,c3,3,B,false,200,,cy
o5,2026-09-01,c4,,B,,,50,bo
o6,2025-08-01,c1,1,A,false,500,250,ann
o7,2025-08-02,c2,1,B,false,300,100,bo
o8,2026-05-05,c9,,A,,0,,bo
""",
    "plans": """\
plan_id,planned_for,measure,amount,quantity,cover_on,owner
p1,2026-07-01,sales,1250,,2026-06-30,ann
p2,2026-10-01,sales,2000,,2026-09-30,ann
p3,2026-07-01,content,,4,,ann
p4,2026-07-01,events,,4,,bo
p5,2026-05-01,sales,0,,2026-03-31,ann
p6,2026-05-01,content,,0,,ann
""",
    "expenses": """\
expense_id,booked_on,category,amount,owner
x1,2026-07-31,sales,150,ann
x2,2026-08-31,marketing,50,ann
x3,2026-08-31,admin,999,ann
x4,2026-09-30,sales,,ann
x5,2026-05-31,sales,10,ann
""",
    "spend": """\
spend_id,spent_on,channel,campaign,amount,budget,impressions,clicks,owner,\
invalid_clicks,conversions,attributed_revenue
s1,2026-07-01,search_ads,x,100,120,10000,50,ann,5,10,300
s2,2026-07-02,feed_ads,y,60,80,6000,30,cy,,5,
s3,2026-09-02,event,z,40,50,,,cy,,,
s4,2026-05-01,feed_ads,y,30,0,0,0,bo,0,0,0
s5,2026-02-01,feed_ads,y,150,100,,,bo,,,
""",
    "keyword_scores": """\
score_id,measured_on,platform,keyword,quality_score,owner
w1,2026-07-01,search,pumps,8,ann
w2,2026-07-01,search,valves,6,ann
w3,2026-07-01,search,pipes,,ann
""",
    "leads": """\
lead_id,created_on,owner,mql_on,sql_on,rejected_on,valid
l1,2026-07-01,ann,2026-07-05,2026-07-10,,true
l2,2026-07-02,ann,2026-07-06,,2026-07-09,true
l3,2026-07-03,ann,2026-07-07,2026-07-20,,true
l4,2026-08-01,cy,2026-08-05,,,false
l5,2026-08-20,cy,2026-09-01,,,
l6,2026-08-21,cy,,,,true
l7,2026-09-01,bo,,,,true
l8,2026-09-02,bo,,,,
l9,2026-05-01,bo,,,,
""",
    "follow_ups": """\
follow_up_id,lead_id,assigned_on,owner,response_hours,sla_hours,accepted
f1,l1,2026-07-05,ann,2,8,true
f2,l2,2026-07-06,ann,4,8,false
f3,l3,2026-07-07,cy,10,8,true
f4,l5,2026-09-01,cy,,8,
""",
    "opportunities": """\
opportunity_id,lead_id,created_on,closed_on,stage,kind,channel,amount,owner,\
account,sourced_by,qualified_on,gross_profit,event_on
d1,l1,2026-07-15,2026-09-10,won,new,search_ads,500,ann,a1,marketing,2026-07-16,200,
d2,,2026-07-20,2026-08-10,won,renewal,event,300,cy,a2,,2026-07-25,100,2026-07-10
d3,,2026-08-01,2026-09-20,lost,new,event,400,cy,a3,marketing,2026-08-25,,
d4,,2026-08-05,2026-09-25,won,new,hotline,200,bo,a4,sales,2026-08-06,50,
d5,,2026-09-01,,open,new,event,600,bo,a5,marketing,,,
d6,l3,2026-09-05,2027-08-01,won,new,event,900,ann,a6,marketing,2026-09-06,,
d7,,2026-06-01,2026-06-20,won,new,event,100,bo,a1,marketing,2026-06-02,,2026-05-20
d8,,2026-09-10,2027-03-01,won,new,event,1000,bo,a8,marketing,,,2026-07-10
""",
    "touchpoints": """\
touchpoint_id,touched_on,opportunity_id,channel,campaign,model,credited_on,credit,owner
t1,2026-06-15,d1,search_ads,x,linear,2026-09-10,300,ann
t2,2026-07-01,d2,event,z,linear,2026-08-10,150.50,cy
t3,2026-07-02,d4,content,,linear,2026-09-25,,bo
""",
    "payments": """\
payment_id,opportunity_id,due_on,due_amount,paid_on,paid_amount,owner
y1,d1,2026-07-31,100,2026-08-05,100,ann
y2,d2,2026-08-31,200,,,cy
y3,d4,2026-09-30,100,2026-10-05,80,bo
y4,d7,2026-06-30,0,,,bo
""",
    "customers": """\
customer_id,acquired_on,lost_on,owner
c1,2025-01-10,,ann
c2,2025-02-10,,ann
c3,2025-03-01,2026-08-20,cy
c4,2025-04-01,2026-02-01,bo
c5,2026-07-10,,ann
c6,2026-08-01,,cy
""",
    "customer_months": """\
customer_month_id,month_on,customer_id,gross_profit,owner
cm1,2026-07-01,c1,30,ann
cm2,2026-08-01,c1,50,ann
cm3,2026-07-01,c2,20,ann
cm4,2026-08-01,c2,,ann
""",
    "audience": """\
audience_id,measured_on,platform,gained,lost,tagged,members,active,referred,owner
g1,2026-07-31,wecom,50,10,40,200,80,8,ann
g2,2026-08-31,wecom,30,5,,220,,,cy
g3,2026-06-30,wecom,0,0,0,0,0,0,ann
""",
    "messages": """\
message_id,sent_on,channel,reached,buyers,owner
e1,2026-07-08,wecom,400,10,ann
e2,2026-09-08,wecom,100,,ann
e3,2026-06-08,wecom,0,0,ann
""",
    "content": """\
content_id,published_on,platform,views,interactions,leads,owner,original,quality_score
k1,2026-07-03,wechat,1000,50,3,ann,true,80
k2,2026-08-03,wechat,500,10,1,cy,false,90
k3,2026-09-03,video,500,0,,cy,,
k4,2026-06-03,video,0,0,0,ann,,
""",
    "web_visits": """\
visit_id,visited_on,source,page,visits,downloads,owner
v1,2026-07-01,organic,home,600,,ann
v2,2026-08-01,organic,papers,400,20,ann
v3,2026-08-02,paid,papers,100,5,ann
v4,2025-08-01,organic,home,800,,ann
v5,2026-06-01,paid,papers,0,0,ann
""",
    "rankings": """\
ranking_id,checked_on,engine,keyword,position,owner
q1,2026-07-01,search,pumps,3,ann
q2,2026-07-01,search,valves,10,ann
q3,2026-07-01,search,pipes,11,ann
q4,2026-07-01,search,tanks,,ann
""",
    "events": """\
event_id,held_on,registered,attended,leads,qualified_leads,cost,owner
h1,2026-07-10,50,30,12,6,120,cy
h2,2026-09-05,30,30,9,4,30,cy
h3,2026-05-20,0,0,0,0,0,bo
""",
    "surveys": """\
answer_id,answered_on,survey,respondent,score,owner
n1,2026-07-01,nps,buyer,10,ann
n2,2026-07-02,nps,buyer,9,ann
n3,2026-07-03,nps,buyer,8,cy
n4,2026-08-20,nps,buyer,6,cy
n5,2026-08-21,nps,buyer,,cy
n6,2026-07-01,csat,buyer,5,ann
n7,2026-07-02,csat,buyer,4,ann
n8,2026-07-03,csat,buyer,,ann
n9,2026-07-10,event,guest,4,cy
n10,2026-09-05,event,guest,5,cy
n11,2026-07-04,partner,partner,4,bo
n12,2026-07-05,partner,partner,3,bo
n13,2026-07-06,enablement,sales,5,ann
n14,2026-07-07,enablement,sales,4,ann
n15,2026-07-08,enablement,sales,3,ann
n16,2026-07-09,enablement,sales,,ann
n17,2026-06-01,nps,buyer,,ann
""",
    "brand_answers": """\
answer_id,answered_on,wave,region,first_named,aware,favourable,owner
b1,2026-07-01,W3,east,true,true,true,ann
b2,2026-07-01,W3,east,false,true,false,ann
b3,2026-07-01,W3,east,false,false,,ann
b4,2026-07-01,W3,east,false,true,true,ann
b5,2026-06-01,W2,east,,,,ann
""",
    "mentions": """\
mention_id,published_on,outlet,tier,tone,weight,owner
z1,2026-07-01,Weekly,core,positive,,ann
z2,2026-07-02,Daily,other,positive,,ann
z3,2026-08-20,Daily,other,negative,,cy
z4,2026-09-02,Blog,other,neutral,0.5,cy
""",
    "listening": """\
reading_id,measured_on,platform,own_mentions,category_mentions,owner
r1,2026-07-31,weibo,30,200,ann
r2,2026-08-31,weibo,20,50,ann
r3,2026-06-30,weibo,0,0,ann
""",
    "search_index": """\
index_id,measured_on,engine,keyword,value,owner
i1,2026-07-31,baidu,brand,110,ann
i2,2026-08-31,baidu,brand,130,ann
i3,2026-09-30,baidu,brand,,ann
i4,2025-08-31,baidu,brand,100,ann
""",
    "incidents": """\
incident_id,occurred_on,title,severity,response_hours,owner
j1,2026-07-03,late delivery,minor,2,ann
j2,2026-08-20,recall,major,6.5,cy
j3,2026-09-30,quiet,none,,ann
j4,2026-06-30,quiet,none,,ann
""",
    "media_list": """\
media_id,added_on,outlet,tier,owner
ml1,2026-07-01,Weekly,core,ann
ml2,2026-08-01,Daily,other,ann
ml3,2026-09-01,Monthly,core,cy
ml4,2026-06-01,Blog,other,ann
""",
    "partners": """\
partner_id,region,signed_on,activated_on,ended_on,owner
pa1,east,2025-05-01,2025-06-01,,ann
pa2,east,2025-05-02,2025-07-01,2026-08-20,cy
pa3,east,2026-07-05,2026-08-01,,ann
pa4,east,2026-07-06,,,ann
pa5,east,2025-09-01,,2026-07-20,ann
""",
    "coverage": """\
coverage_id,checked_on,region,outlet,covered,owner
co1,2026-09-30,east,north gate,true,ann
co2,2026-09-30,east,south gate,true,ann
co3,2026-09-30,east,harbour,false,ann
co4,2026-09-30,east,airport,,ann
co5,2026-06-30,east,airport,,ann
""",
    "deliverables": """\
deliverable_id,kind,due_on,done_on,accepted_first_time,adopted,owner
de1,launch,2026-07-10,2026-07-09,true,,ann
de2,launch,2026-08-10,2026-08-12,true,,cy
de3,launch,2026-09-10,,,,cy
de4,research,2026-07-15,2026-07-15,true,true,ann
de5,research,2026-08-15,2026-08-20,true,false,cy
de6,research,2026-09-15,,,,cy
de7,campaign,2026-06-15,2026-06-15,true,,bo
""",
    "audits": """\
audit_id,audited_on,subject,sampled,correct,owner
au1,2026-07-31,source_tag,50,47,ann
au2,2026-08-31,source_tag,10,,ann
au3,2026-08-31,material,20,19,ann
au4,2026-06-30,source_tag,0,0,ann
au5,2026-06-30,material,0,0,ann
""",
}
